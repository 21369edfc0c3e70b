"""The values of a metric with a mistake in a layer, in every layer, or in one of several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from math import prod
from typing import NamedTuple

from cnncalc.graph.document import DTYPES
from cnncalc.homework.figure_paths import Asked, AskedModel, FigureValue, axis_names
from cnncalc.homework.formulas import LayerFormulas
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
    def depends_on_layers(self) -> bool:
        """Whether the metric follows from the formulas of layers."""
        return self.asked.figure in FIELDS and self.asked.over is None

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
            found = self._changed_at(change, place)
            if found is not None and (value := self.value(found)) is not None:
                yield MistakenValue(value, place, alone=len(able) > 1)

    def _changed_at(self, change: Miscalculation, place: int) -> list[Figures | None] | None:
        """All metrics with a mistake in one node; the outputs of the others follow for a question about a layer."""
        graph = self.about.graph
        if self.asked.place is not None or self.asked.figure == "output":
            return rework(graph, change, last=self.asked.place, workings=self.about.workings, only=place)
        node = graph.nodes[place]
        own = self.about.workings.figures(graph, node, graph.inputs_of(node), change)
        return None if own is None else [*self._right[:place], own, *self._right[place + 1 :]]

    @cached_property
    def _right(self) -> list[Figures | None]:
        return rework(self.about.graph, workings=self.about.workings)

    def _takes_only_inputs(self, place: int) -> bool:
        nodes = self.about.graph.nodes
        return all(nodes[source].layer is None for source in nodes[place].inputs)

    # --- the metric in recomputed ones -------------------------------------------------------------------------------

    def value(self, found: list[Figures | None]) -> FigureValue | None:
        """The requested metric in a recomputed model."""
        if not self.depends_on_layers:
            return None
        place, field = self.asked.place, FIELDS[self.asked.figure]
        if place is None and field == "output":
            place = self.about.graph.outputs[0][1]
        if place is not None:
            one = found[place] if place < len(found) else None
            return None if one is None else self._of_node(one, place)
        if None in found:
            return None
        return sum(self._counted(each, field, index) for index, each in enumerate(found) if each is not None)

    def _of_node(self, one: Figures, place: int) -> FigureValue | None:
        field = FIELDS.get(self.asked.figure)
        if field is None or not self.depends_on_layers:
            return None
        return self._part_of(one.output) if field == "output" else self._counted(one, field, place)

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
