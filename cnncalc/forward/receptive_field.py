"""The receptive field as an experiment: replace a part of the input and find out which outputs change.

With the first k rows of the input replaced, an output position changes exactly when its field begins before row k; with
all rows from k on replaced, when it ends after. Two passes confirm a predicted end; if they do not, bisection finds the
actual one. All layers and positions share the passes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from cnncalc.analysis.following import is_interior, telling_positions
from cnncalc.analysis.receptive_field import NOTHING, View, views
from cnncalc.analysis.report import Report
from cnncalc.arithmetic.convention import AXIS_NAMES, Shape
from cnncalc.forward.perturbation import reached
from cnncalc.forward.predicted import Prediction, fed_by, predict
from cnncalc.graph.model import Graph
from cnncalc.number_text import show_shape

MAX_WORK = 4_000_000_000
"""The maximum multiply–accumulates of the passes; layers beyond it are reported as not probed."""
MAX_WORK_OF_A_TEXT = MAX_WORK // 8
"""Like MAX_WORK for specs that are not bundled: a few seconds."""
_WHATEVER = 8
"""The factor by which the one position that is always probed may exceed the limit."""

EVERYWHERE = 200_000_000
"""The multiply–accumulates up to which every position along every axis is probed, not only three per axis."""

_PER_ELEMENT, _PER_LAYER = 10, 20_000
"""The approximate overhead of an element and of a layer, in multiply–accumulates."""

Extent = tuple[int, int]
"""The first row and the one after the last; (0, 0) for none."""


class AxisProbe(NamedTuple):
    """One axis: the rows that the middle output should see (first, and after the last), and those that it sees."""

    axis: str
    predicted: Extent
    seen: Extent


class Probe(NamedTuple):
    """One layer: the rows that its middle output sees along each axis, and the first disagreement at a probed position.

    `remark` is the reason if a layer was not probed.
    """

    name: str
    reported: tuple[int, ...] | None
    axes: tuple[AxisProbe, ...] = ()
    problem: str = ""
    remark: str = ""
    smallest: tuple[int, ...] | None = None
    place: str = "the middle output"
    """The output that `axes` describes, which differs from the middle one only if the limit requires it."""


class _Target(NamedTuple):
    """A layer to be probed, at these positions, the middle one first."""

    node: int
    view: View
    positions: tuple[Shape, ...]
    predictions: tuple[Prediction, ...]


def probe_receptive_field(graph: Graph, report: Report, *, seed: int = 0, most: int = MAX_WORK) -> list[Probe]:
    """Probe every layer, up to `most` multiply–accumulates; layers that cannot be probed have a remark."""
    return _Prober(graph, report, seed, most).probes()


class _Prober:
    """The experiments on the layers of one graph.

    `passes` caches the probed positions reached by each replacement of rows, and `fed` the nodes that depend on an
    input; neither changes for a given graph and choice of layers.
    """

    def __init__(self, graph: Graph, report: Report, seed: int, most: int) -> None:
        self.graph = graph
        self.seed = seed
        self.most = most
        self.views = views(graph)
        self.work = _work_until(graph, report)
        self.chosen: list[_Target] = []
        self.fed: dict[int, frozenset[int]] = {}
        self.deepest: dict[tuple[int, int, int, int], int] = {}
        """The last node of interest for each planned replacement of rows."""
        self.passes: dict[tuple[int, int, int, int], dict[tuple[int, Shape], bool]] = {}

    def spatial(self, index: int) -> Shape:
        return self.graph.setting.spatial(self.graph.nodes[index].shape or ())

    def probes(self) -> list[Probe]:
        layers = [index for index, node in enumerate(self.graph.nodes) if node.layer is not None]
        remarks = {index: self._obstacle(index) for index in layers}
        self._choose([index for index, remark in remarks.items() if not remark])
        targets = {target.node: target for target in self.chosen}
        return [
            self._probe(targets[index])
            if index in targets
            else Probe(self.graph.nodes[index].name, self._reported(index), remark=remark or _TOO_MUCH)
            for index, remark in remarks.items()
        ]

    def _reported(self, index: int) -> tuple[int, ...] | None:
        view = self.views[index]
        return view.sizes if view is not None else None

    def _obstacle(self, index: int) -> str:
        """The reason why a layer cannot be probed; empty if it can."""
        view = self.views[index]
        if view is None:
            return "its inputs see different inputs of the model"
        if view is NOTHING:
            return "it is a learned array without an input"
        if not self.spatial(view.source):
            return "the model's input has no spatial axes"
        if view.whole is None and view.axes is None:
            return f"no receptive field is reported from {self.graph.nodes[view.cause].name} on: {view.reason}"
        return ""

    # --- what is probed ------------------------------------------------------------------------------------------

    def _choose(self, indices: Sequence[int]) -> None:
        """Choose layers and positions within the limit: first those that see a part of the input, the last first.

        One position of the first of them is probed even if it exceeds the limit somewhat.
        """
        everywhere = self._is_affordable_everywhere(indices)
        most = max(_FEW_TARGETS, min(_MOST_TARGETS, self.most // (_PREDICTING * len(self.graph.nodes))))
        targets = [self._target(index, everywhere=everywhere) for index in reversed(indices[-most:])]
        targets.sort(key=self._sees_all)
        planned: set[tuple[int, int, int, int]] = set()
        deepest = 0
        for target in targets:
            wanted = planned | self._rows_of(target)
            last = max(deepest, target.node)
            if len(wanted) * self.work[last] <= self.most:
                planned, deepest = wanted, last
                self.chosen.append(target)
        if targets and targets[0] not in self.chosen:
            first, one = targets[0], slice(1, 2) if len(targets[0].positions) > 1 else slice(0, 1)
            first = first._replace(positions=first.positions[one], predictions=first.predictions[one])
            if len(planned | self._rows_of(first)) * self.work[max(deepest, first.node)] <= _WHATEVER * self.most:
                self.chosen.append(first)
        for target in self.chosen:
            for rows in self._rows_of(target):
                self.deepest[rows] = max(self.deepest.get(rows, 0), target.node)

    def _is_affordable_everywhere(self, indices: Sequence[int]) -> bool:
        if not indices:
            return False
        passes = sum(2 * size for node in self.graph.sources for size in self.graph.setting.spatial(node.shape or ()))
        places = sum(sum(self.spatial(index)) for index in indices)
        follows = places * len(self.graph.nodes) * _PER_LAYER // 10
        return passes * self.work[indices[-1]] + follows <= EVERYWHERE

    def _target(self, index: int, *, everywhere: bool) -> _Target:
        view = self.views[index]
        assert view is not None
        positions = tuple(self._positions(index, view, everywhere=everywhere))
        unknown = Prediction(tuple((0, size) for size in self.spatial(view.source)), at_most=True)
        if view.source not in self.fed:
            self.fed[view.source] = fed_by(self.graph, view.source)
        fed = self.fed[view.source]
        found = (predict(self.graph, index, position, view.source, fed) for position in positions)
        return _Target(index, view, positions, tuple(prediction or unknown for prediction in found))

    def _positions(self, index: int, view: View, *, everywhere: bool) -> Iterable[Shape]:
        """The middle position and those with the largest and the smallest interval, or all along each axis."""
        sizes = self.spatial(index)
        middle = tuple(size // 2 for size in sizes)
        found = {middle: None}
        if view.axes is not None:
            axes = [telling_positions(axis, size) for axis, size in zip(view.axes, sizes, strict=True)]
            found |= dict.fromkeys(zip(*axes, strict=True))
        if everywhere:
            for axis, size in enumerate(sizes):
                found |= {(*middle[:axis], place, *middle[axis + 1 :]): None for place in range(size)}
        return found

    def _sees_all(self, target: _Target) -> bool:
        """Whether the middle output should see the whole input, which is a weak test, since any larger field passes."""
        sizes = self.spatial(target.view.source)
        return all(seen == (0, size) for seen, size in zip(target.predictions[0].axes, sizes, strict=True))

    def _rows_of(self, target: _Target) -> set[tuple[int, int, int, int]]:
        """The replacements of rows that confirm the predictions."""
        origin, sizes = target.view.source, self.spatial(target.view.source)
        return {
            (origin, axis, *rows)
            for prediction in target.predictions
            for axis, (seen, size) in enumerate(zip(prediction.axes, sizes, strict=True))
            for rows in _confirming(seen, size)
        }

    # --- the experiments -----------------------------------------------------------------------------------------

    def _probe(self, target: _Target) -> Probe:
        sizes, view = self.spatial(target.view.source), target.view
        names = AXIS_NAMES.get(len(sizes), tuple(f"axis {axis + 1}" for axis in range(len(sizes))))
        middle: tuple[AxisProbe, ...] = ()
        problem = ""
        largest = [0] * len(sizes)
        for position, prediction in zip(target.positions, target.predictions, strict=True):
            axes = tuple(
                AxisProbe(name, expected, self._extent(target, position, axis, expected))
                for axis, (name, expected) in enumerate(zip(names, prediction.axes, strict=True))
            )
            middle = middle or axes
            problem = problem or _disagreement(position, target.positions[0], axes, at_most=prediction.at_most)
            for axis, one in enumerate(axes):
                if self._is_interior(target, position, axis):
                    largest[axis] = max(largest[axis], one.seen[1] - one.seen[0])
        at_most = any(prediction.at_most for prediction in target.predictions)
        problem = problem or _misreported(names, view, largest, at_most=at_most)
        name, first = self.graph.nodes[target.node].name, target.positions[0]
        is_middle = first == tuple(size // 2 for size in self.spatial(target.node))
        place = "the middle output" if is_middle else f"output {show_shape(first)}"
        return Probe(name, view.sizes, middle, problem, smallest=view.smallest, place=place)

    def _is_interior(self, target: _Target, position: Shape, axis: int) -> bool:
        view = target.view
        if view.axes is None or view.whole is not None:
            return False
        return is_interior(view.axes[axis], position[axis])

    def _extent(self, target: _Target, position: Shape, axis: int, expected: Extent) -> Extent:
        """The rows that an output position sees: the expected ones, if two passes at each end confirm them."""
        size = self.spatial(target.view.source)[axis]

        def reaches(start: int, stop: int) -> bool:
            return start < stop and self._reaches(target, position, (target.view.source, axis, start, stop))

        first, end = expected
        if not (first < end and reaches(0, first + 1)) and not reaches(0, size):
            return 0, 0
        if not (first < end and reaches(0, first + 1) and not reaches(0, first)):
            first = _bisect(size, lambda count: reaches(0, count)) - 1
        if not (first < end and reaches(end - 1, size) and not reaches(end, size)):
            end = size + 1 - _bisect(size, lambda count: reaches(size - count, size))
        return first, end

    def _reaches(self, target: _Target, position: Shape, rows: tuple[int, int, int, int]) -> bool:
        known = self.passes.setdefault(rows, {})
        if (target.node, position) not in known:
            known |= self._pass(rows, max(target.node, self.deepest.get(rows, 0)))
        return known.get((target.node, position), False)

    def _pass(self, rows: tuple[int, int, int, int], last: int) -> dict[tuple[int, Shape], bool]:
        """Replace rows of an input, and record which of the probed positions up to node `last` they reach."""
        origin, axis, start, stop = rows
        wanted = {target.node: target.positions for target in self.chosen if target.view.source == origin}
        found = {(index, position): False for index in wanted if index <= last for position in wanted[index]}
        for index, mask in reached(self.graph, origin, (axis, slice(start, stop)), seed=self.seed, last=last):
            if index in wanted:
                for position in wanted[index]:
                    channels_last = self.graph.setting.layout == "HWC" or not mask.ndim
                    place = (*position, ...) if channels_last else (slice(None), *position)
                    found[index, position] = bool(mask[place].any())
        return found


_FEW_TARGETS, _MOST_TARGETS = 8, 2_000
_PREDICTING = 40_000
"""The cost of tracing a position back through a layer, in multiply–accumulates."""
_TOO_MUCH = "the passes would take too long; try a smaller --input"


def _work_until(graph: Graph, report: Report) -> list[int]:
    """The multiply–accumulates of a pass that ends at each node."""
    layers = iter(report.layers)
    total, found = 0, []
    for node in graph.nodes:
        if node.layer is not None:
            layer = next(layers)
            elements = layer.activation_elements // report.batch
            total += layer.macs // report.batch + _PER_ELEMENT * elements + _PER_LAYER
        found.append(total)
    return found


def _confirming(seen: Extent, size: int) -> Iterable[Extent]:
    """The rows to replace: those at and beyond each end of the expected interval."""
    first, end = seen
    rows = [(0, first), (0, first + 1), (end - 1, size), (end, size)] if first < end else [(0, size)]
    return [(start, stop) for start, stop in rows if start < stop]


def _disagreement(position: Shape, middle: Shape, axes: tuple[AxisProbe, ...], *, at_most: bool) -> str:
    """A description of the rows that an output sees unexpectedly or fails to see."""
    wrong = [axis for axis in axes if not _agrees(axis, at_most=at_most)]
    where = "" if position == middle else f"output {show_shape(position)}: "
    return where * bool(wrong) + "; ".join(
        f"along {axis.axis} it should see {_rows(axis.predicted)}, but sees {_rows(axis.seen)}" for axis in wrong
    )


def _agrees(axis: AxisProbe, *, at_most: bool) -> bool:
    if not at_most or axis.seen == (0, 0):
        return axis.predicted == axis.seen or at_most
    return axis.predicted[0] <= axis.seen[0] and axis.seen[1] <= axis.predicted[1]


def _misreported(names: Sequence[str], view: View, largest: list[int], *, at_most: bool) -> str:
    """A description of an interior output that sees a different number of rows than the report states."""
    if view.axes is None or view.whole is not None:
        return ""
    wrong = [
        f"along {name} the report says {axis.size}, but an interior output sees {found}"
        for name, axis, found in zip(names, view.axes, largest, strict=True)
        if found and (found > axis.size or (found < axis.size and not at_most))
    ]
    return "; ".join(wrong)


def _rows(seen: Extent) -> str:
    return f"{seen[0]} to {seen[1] - 1}" if seen[0] < seen[1] else "nothing"


def _bisect(rows: int, is_reached: Callable[[int], bool]) -> int:
    """The smallest k from 1 to `rows` for which `is_reached(k)`; `rows + 1` if there is none."""
    low, high = 1, rows + 1
    while low < high:
        middle = (low + high) // 2
        if is_reached(middle):
            high = middle
        else:
            low = middle + 1
    return low
