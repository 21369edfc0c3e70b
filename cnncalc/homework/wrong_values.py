"""The values of a metric with a mistake in a layer, in every layer, or in one of several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import NamedTuple

from cnncalc.graph.document import DTYPES
from cnncalc.homework.figure_paths import FIGURES, SUMS, Asked, AskedModel, FigureValue, axis_names
from cnncalc.homework.formulas import LayerFormulas, is_bias
from cnncalc.homework.rework import Figures, Miscalculation, rework

FIELDS: Mapping[str, str] = {
    "output": "output", "params": "params", "trainable_params": "params", "unshared_params": "unshared_params",
    "macs": "macs", "flops": "flops", "param_bytes": "params", "activation_elements": "elements",
    "activation_bytes": "elements",
}  # fmt: skip
"""The metrics that depend on a layer's formulas, with the field of `Figures` that contains them."""
MOST_SEARCHED = 40
"""Larger models are not searched for mistakes in a single layer, or for pairs of mistakes."""


class MistakenValue(NamedTuple):
    """A value of the requested metric with a mistake; `place` is the changed node that is closest to the question."""

    value: FigureValue
    place: int
    alone: bool = False
    """Whether the mistake was made in this node only, though others of the model allow it."""


class WrongValues:
    """The values of one requested metric."""

    def __init__(self, about: AskedModel, asked: Asked) -> None:
        self.about = about
        self.asked = asked

    @property
    def figure(self) -> str:
        """The metric whose mistakes apply: that of all parameters for a layer's arrays."""
        return "params" if self._is_array else self.asked.figure

    @property
    def _is_array(self) -> bool:
        return self.asked.figure not in FIGURES or self.asked.figure in SUMS

    @property
    def depends_on_layers(self) -> bool:
        """Whether the metric follows from the formulas of layers."""
        return self.asked.figure in FIELDS or self._is_array

    @property
    def is_small(self) -> bool:
        """Whether the model is small enough for a search in every single layer, and for pairs."""
        return len(self.about.graph.nodes) <= MOST_SEARCHED

    @cached_property
    def layers(self) -> list[LayerFormulas]:
        """The formulas of the layers that the question is about: its own, and those before it."""
        graph = self.about.graph
        last = len(graph.nodes) if self.asked.place is None else self.asked.place + 1
        return [self.formulas(place) for place in range(last) if graph.nodes[place].layer is not None]

    def formulas(self, place: int) -> LayerFormulas:
        """The correct formulas of a node."""
        node = self.about.graph.nodes[place]
        assert node.layer is not None
        return self.about.workings.formulas(node.layer, self.about.graph.inputs_of(node))

    def of(self, change: Miscalculation) -> Iterator[MistakenValue]:
        """The values with a mistake: in the layer asked for, in every possible layer, in one layer."""
        place = self.asked.place
        if place is not None:
            yield from self._own(change, place)
            if self._takes_only_inputs(place):
                return
        yield from self._everywhere(change)
        if self.is_small:
            yield from self._in_one(change)

    def own_or_everywhere(self, change: Miscalculation) -> Iterator[MistakenValue]:
        """Like `of`, without the search in single layers."""
        place = self.asked.place
        if place is not None:
            yield from self._own(change, place)
        if place is None or (self.is_small and not self._takes_only_inputs(place)):
            yield from self._everywhere(change)

    def _own(self, change: Miscalculation, place: int) -> Iterator[MistakenValue]:
        graph, node = self.about.graph, self.about.graph.nodes[place]
        if node.layer is not None:
            own = self.about.workings.figures(graph, node, graph.inputs_of(node), change)
            if own is not None and (value := self._of_node(own, place)) is not None:
                yield MistakenValue(value, place)

    def _everywhere(self, change: Miscalculation) -> Iterator[MistakenValue]:
        found = rework(self.about.graph, change, last=self.asked.place, workings=self.about.workings)
        changed = [at for at, mine in enumerate(found) if mine and mine.wrong is not None]
        if changed and (value := self.value(found)) is not None:
            yield MistakenValue(value, changed[-1])

    def _in_one(self, change: Miscalculation) -> Iterator[MistakenValue]:
        """The value with a mistake in only one of several layers that allow it."""
        graph, asked = self.about.graph, self.asked
        last = len(graph.nodes) - 1 if asked.place is None else asked.place
        able = [
            place
            for place, node in enumerate(graph.nodes[: last + 1])
            if node.layer is not None
            and self.about.workings.wrong(node.layer, graph.inputs_of(node), change) is not None
        ]
        if len(able) < 2 and asked.place is not None:
            return
        for place in able:
            if place == asked.place:
                continue
            value = self.value(self._changed_at(change, place))
            if value is not None:
                yield MistakenValue(value, place, alone=len(able) > 1)

    def _changed_at(self, change: Miscalculation, place: int) -> list[Figures | None]:
        """All metrics with a mistake in one node; those of later nodes follow from its output."""
        graph, node, right = self.about.graph, self.about.graph.nodes[place], self._right
        own = self.about.workings.figures(graph, node, graph.inputs_of(node), change)
        known = right[place]
        if known is not None and own is not None and own.output == known.output:
            return [*right[:place], own, *right[place + 1 :]]
        return rework(graph, change, before=right[:place], last=self.asked.place, workings=self.about.workings)

    @cached_property
    def _right(self) -> list[Figures | None]:
        return rework(self.about.graph, workings=self.about.workings)

    def _takes_only_inputs(self, place: int) -> bool:
        nodes = self.about.graph.nodes
        return all(nodes[source].layer is None for source in nodes[place].inputs)

    # --- the metric in recomputed ones -------------------------------------------------------------------------------

    def value(self, found: list[Figures | None]) -> FigureValue | None:
        """The requested metric in a recomputed model."""
        place = self.asked.place
        if place is None and self.asked.figure == "output":
            place = self.about.graph.outputs[0][1]
        if place is not None:
            one = found[place] if place < len(found) else None
            return None if one is None else self._of_node(one, place, found)
        possible = [one for one in found if one is not None]
        if len(possible) < len(found) or not self.depends_on_layers:
            return None
        values = [self._of_node(one, index, found) for index, one in enumerate(possible)]
        return sum(value for value in values if isinstance(value, int))

    def _of_node(
        self, one: Figures, place: int, found: Sequence[Figures | None] = ()
    ) -> FigureValue | None:  # fmt: skip
        """The requested metric of a node, among the metrics of all nodes."""
        if self._is_array:
            return self._of_arrays(one, place, found)
        field = FIELDS.get(self.asked.figure)
        if field is None:
            return None
        return self._part_of(one.output) if field == "output" else self._counted(one, field, place)

    def _of_arrays(self, one: Figures, place: int, found: Sequence[Figures | None]) -> FigureValue | None:
        """The size or shape of one of a node's arrays, or the size of all its weights or biases."""
        node, figure = self.about.graph.nodes[place], self.asked.figure
        if node.layer is None or node.shares is not None:
            return None
        own = one.wrong
        if own is None:
            inputs = [found[source] for source in node.inputs]
            outputs = tuple(each.output for each in inputs if each is not None)
            own = self.about.workings.formulas(node.layer, outputs) if len(outputs) == len(inputs) else None
        if own is None:
            return None
        arrays = own.learned()
        if figure in SUMS:
            return sum(int(array.size) for array in arrays if is_bias(array) == (figure == "biases"))
        shapes = [tuple(map(int, array.shape)) for array in arrays if array.name == figure]
        if not shapes:
            return None
        return shapes[0] if self.asked.part == "shape" else prod(shapes[0])

    def _counted(self, one: Figures, field: str, place: int) -> int:
        """A count of a node, in bytes and for the whole batch as the metric is; without a batch axis it counts once."""
        times = DTYPES[self.about.report.dtype] if self.asked.figure.endswith("bytes") else 1
        per_sample = field in ("macs", "flops", "elements") and not self.about.graph.nodes[place].unbatched
        number: int = getattr(one, field)
        return number * times * (self.about.report.batch if per_sample else 1)

    def _part_of(self, value: tuple[int, ...]) -> FigureValue | None:
        if not self.asked.part:
            return value
        if self.asked.part == "size":
            return prod(value)
        names = axis_names(self.about, len(value))
        return value[names.index(self.asked.part)] if self.asked.part in names else None


class WrongRatios(WrongValues):
    """The values of a ratio, with a mistake in the numerator, in the denominator, or in both."""

    def __init__(self, about: AskedModel, asked: Asked) -> None:
        super().__init__(about, asked)
        assert asked.over is not None
        self.below = WrongValues(about, asked.over)
        value = asked.value * asked.over.value  # type: ignore[operator]
        self.above = WrongValues(about, asked._replace(over=None, value=value))

    @property
    def depends_on_layers(self) -> bool:
        return self.above.depends_on_layers or self.below.depends_on_layers

    def of(self, change: Miscalculation) -> Iterator[MistakenValue]:
        yield from self._divided(self.above.of(change), self.below.of(change))

    def own_or_everywhere(self, change: Miscalculation) -> Iterator[MistakenValue]:
        yield from self._divided(self.above.own_or_everywhere(change), self.below.own_or_everywhere(change))

    def _divided(
        self, above: Iterable[MistakenValue], below: Iterable[MistakenValue]
    ) -> Iterator[MistakenValue]:  # fmt: skip
        over, under = list(above), list(below)
        right, wrong_below = self.above.asked.value, {(one.place, one.alone): one.value for one in under}
        for one in over:
            yield self._quotient(one, one.value, self.below.asked.value)
            yield self._quotient(one, one.value, wrong_below.get((one.place, one.alone), 0))
        for one in under:
            yield self._quotient(one, right, one.value)

    @staticmethod
    def _quotient(one: MistakenValue, above: FigureValue, below: FigureValue) -> MistakenValue:
        if isinstance(above, tuple) or isinstance(below, tuple) or not below:
            return one._replace(value=())
        return one._replace(value=Fraction(above) / Fraction(below))


def values_of(about: AskedModel, asked: Asked) -> WrongValues:
    """The wrong values of a metric, or of a ratio of two."""
    return WrongValues(about, asked) if asked.over is None else WrongRatios(about, asked)
