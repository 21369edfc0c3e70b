"""The receptive field as an experiment: poison a part of the input and see which outputs fall ill.

Not-a-number spreads through every sum, product and maximum. With the first k rows of the input poisoned, an output
position is poisoned exactly when its field begins before row k; with all rows from k on poisoned, when it ends after.
Bisection over k finds both ends without asking any formula.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from cnncalc.analysis.receptive_field import AxisView, View, views
from cnncalc.analysis.report import Report
from cnncalc.forward.run import random_inputs, run
from cnncalc.graph.model import Graph
from cnncalc.layers.base import AXIS_NAMES

MAX_MACS = 4_000_000_000
"""The work that probing every layer may cost; beyond it, only the last layer that does not see the whole input is."""


class AxisProbe(NamedTuple):
    """One axis: the rows that the middle output should see, first and past the last, and those it does see."""

    axis: str
    predicted: tuple[int, int]
    seen: tuple[int, int]


class Probe(NamedTuple):
    """The middle output of one layer."""

    name: str
    reported: tuple[int, ...]
    axes: tuple[AxisProbe, ...]

    @property
    def problem(self) -> str:
        wrong = [axis for axis in self.axes if axis.predicted != axis.seen]
        return "; ".join(
            f"along {axis.axis} it should see {axis.predicted[0]} to {axis.predicted[1] - 1}, "
            f"but sees {axis.seen[0]} to {axis.seen[1] - 1}"
            for axis in wrong
        )


def probe_receptive_field(graph: Graph, report: Report, *, seed: int = 0) -> list[Probe]:
    """Probe the layers whose receptive field has one answer."""
    known = views(graph)
    targets = [
        index
        for index, node in enumerate(graph.nodes)
        if node.layer is not None and _probeable(known[index]) and not _sees_repeated(graph, index, known[index])
    ]
    if not targets:
        return []
    input_rows = max(graph.setting.spatial(graph.nodes[0].shape or ()), default=1)
    cost = report.totals.macs // report.batch * 4 * input_rows.bit_length() * len(targets)
    partial = [index for index in targets if not _sees_all(graph, index, known[index])]
    chosen = targets if cost <= MAX_MACS else (partial or targets)[-1:]
    return [_probe(graph, index, known[index], seed) for index in chosen]  # type: ignore[arg-type]


def _probeable(view: View | None) -> bool:
    """Whether a prediction exists for single outputs: behind a transposed convolution it depends on their phase."""
    if view is None or not view.axes or view.whole is not None:
        return False
    return all(isinstance(part, int) for axis in view.axes for part in axis)


def _sees_repeated(graph: Graph, index: int, view: View | None) -> bool:
    """Whether the middle output reaches the border behind a padding that repeats the input from elsewhere."""
    assert view is not None
    before = (node.layer for node in graph.nodes[: index + 1])
    if not any(layer is not None and layer.repeats_border() for layer in before):
        return False
    sizes = graph.setting.spatial(graph.nodes[view.source].shape or ())
    outputs = graph.setting.spatial(graph.nodes[index].shape or ())
    axes = zip(view.axes or (), outputs, sizes, strict=True)
    return any(_field(axis, output // 2) != _predicted(axis, output // 2, size) for axis, output, size in axes)


def _sees_all(graph: Graph, index: int, view: View | None) -> bool:
    """Whether the middle output should see the input from end to end: a poor test, which any larger field passes."""
    assert view is not None
    sizes = graph.setting.spatial(graph.nodes[view.source].shape or ())
    outputs = graph.setting.spatial(graph.nodes[index].shape or ())
    axes = zip(view.axes or (), outputs, sizes, strict=True)
    return all(_predicted(axis, output // 2, size) == (0, size) for axis, output, size in axes)


def _probe(graph: Graph, index: int, view: View, seed: int) -> Probe:
    node = graph.nodes[index]
    source = graph.setting.spatial(graph.nodes[view.source].shape or ())
    names = AXIS_NAMES.get(len(source), tuple(f"axis {axis + 1}" for axis in range(len(source))))
    axes = []
    for axis, (rows, outputs, part) in enumerate(
        zip(source, graph.setting.spatial(node.shape or ()), view.axes or (), strict=True)
    ):
        predicted = _predicted(part, outputs // 2, rows)
        seen = _Poison(graph, view.source, index, axis, seed).extent(rows)
        axes.append(AxisProbe(names[axis], predicted, seen))
    return Probe(node.name, view.sizes or (), tuple(axes))


def _field(axis: AxisView, output: int) -> tuple[int, int]:
    start = int(axis.start + output * axis.jump)
    return start, start + int(axis.size)


def _predicted(axis: AxisView, output: int, rows: int) -> tuple[int, int]:
    start, end = _field(axis, output)
    return max(0, start), min(rows, end)


class _Poison:
    """Experiments on one layer along one axis of the input."""

    def __init__(self, graph: Graph, source: int, target: int, axis: int, seed: int) -> None:
        self.graph = graph
        self.source = source
        self.target = target
        self.axis = axis
        self.seed = seed

    def extent(self, rows: int) -> tuple[int, int]:
        """The first row that the middle output sees, and the one past the last."""
        first = _bisect(rows, lambda k: self.is_ill(slice(0, k))) - 1
        end = rows + 1 - _bisect(rows, lambda k: self.is_ill(slice(rows - k, rows)))
        return first, end

    def is_ill(self, rows: slice) -> bool:
        """Whether the middle output is poisoned when these rows of the input are."""
        arrays = random_inputs(self.graph, seed=self.seed, batch=1)
        first_axis = 1 if self.graph.setting.layout == "HWC" else 2
        np.moveaxis(arrays[self.source], first_axis + self.axis, 0)[rows] = np.nan
        output = None
        with np.errstate(invalid="ignore"):
            for step in run(self.graph, arrays, seed=self.seed, last=self.target):
                output = step.output
        if output is None:
            return False
        spatial = self.graph.setting.spatial(output.shape[1:])
        channels_last = output[0] if self.graph.setting.layout == "HWC" else np.moveaxis(output[0], 0, -1)
        return bool(np.isnan(channels_last[tuple(size // 2 for size in spatial)]).any())


def _bisect(rows: int, is_ill: Callable[[int], bool]) -> int:
    """The least k from 1 to `rows` for which `is_ill(k)`; `rows + 1` if there is none."""
    low, high = 1, rows + 1
    while low < high:
        middle = (low + high) // 2
        if is_ill(middle):
            high = middle
        else:
            low = middle + 1
    return low
