"""The output of a layer: its shape on what flows in, its parts if it has several, and its samples."""

from __future__ import annotations

from math import prod

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Diagnostic, Refusal
from cnncalc.graph.building import Building, Placement
from cnncalc.graph.construct import Construction
from cnncalc.graph.field_reader import FieldReader
from cnncalc.graph.inflow import check_axes, check_inputs, check_samples
from cnncalc.graph.model import Node
from cnncalc.graph.stated import check_stated
from cnncalc.graph.used_layer import UsedLayer
from cnncalc.layers.base import Layer
from cnncalc.reading.limits import MOST_ELEMENTS, too_many_elements
from cnncalc.reading.nodes import Sequence

NamedOutputs = tuple[tuple[str, Layer], ...]
"""Name and layer of each output of a layer that has several."""


class Inference:
    """Asks the rules of layers, and reports what they refuse."""

    def __init__(self, building: Building, fields: FieldReader) -> None:
        self._building = building
        self._nodes = building.nodes
        self._fields = fields

    def use(self, built: Construction, placed: Placement) -> UsedLayer | None:
        """The layer on what flows in; None after reporting why it has no output, or when an input is unknown."""
        kind, sources = placed.kind, placed.sources
        shapes = self._building.shapes_of(sources)
        if shapes is None:
            return None
        try:
            if not (kind.alone and self._is_alone(placed, shapes)):
                check_inputs(kind, built.suffix or placed.suffix, shapes)
            check_axes(kind, shapes)
            if len(sources) > 1:
                check_samples([self._nodes[index] for index in sources if not self._nodes[index].unbatched])
            if built.layer.stated or kind.wraps:
                check_stated(built.layer, self._nodes, sources, shapes)
            return self._building.cache.use(built.layer, shapes)
        except Refusal as refusal:
            self._refuse(refusal, placed)
            return None

    def parts(self, built: Construction, placed: Placement) -> NamedOutputs | None:
        """The outputs of a layer that has several; None after reporting why there are none."""
        shapes = self._building.shapes_of(placed.sources)
        if shapes is None:
            return None
        try:
            check_inputs(placed.kind, None, shapes)
            return built.layer.outputs(*shapes)
        except Refusal as refusal:
            self._refuse(refusal, placed)
            return None

    def count_samples(self, node: Node) -> None:
        """Note how many samples each sample has become after a node, and whether it has a batch axis at all."""
        if node.layer is None or node.shape is None:
            return
        first = next((each for index in node.inputs if not (each := self._nodes[index]).unbatched), None)
        node.unbatched = first is None
        node.samples = first.samples if first else 1
        if type(node.layer).multiplicity is not Layer.multiplicity:  # as in nearly all types it is
            node.samples *= node.layer.multiplicity(*[self._nodes[index].shape for index in node.inputs])
        if node.samples != 1 and node.samples * prod(node.shape) > MOST_ELEMENTS:
            self._building.report(too_many_elements(node.name, node.span))
            node.shape = None

    def _is_alone(self, placed: Placement, shapes: tuple[Shape, ...]) -> bool:
        """Whether an item lists one input, and its type is a merge whose framework takes a list of one."""
        item, conventions = placed.item, placed.kind.alone
        if len(shapes) != 1 or self._building.setting.convention.name not in conventions:
            return False
        return item.body is not None or isinstance(item.common.get("from"), Sequence)

    def _refuse(self, refusal: Refusal, placed: Placement) -> None:
        """Report a rule's refusal where the item writes the field that it blames."""
        place = self._fields.place_of(refusal.field, placed) or placed.item.span
        self._building.report(Diagnostic(refusal.code, f"{placed.name}: {refusal.message}", place, hint=refusal.hint))
