"""Placing one layer: its layer is made, its shape inferred, its node appended."""

from __future__ import annotations

from cnncalc.arithmetic.no_form import NoFormError
from cnncalc.diagnostics import Diagnostic
from cnncalc.graph.activations import Activations
from cnncalc.graph.building import Building, ItemUse, Placement
from cnncalc.graph.construct import Construction
from cnncalc.graph.field_reader import FieldReader
from cnncalc.graph.inference import Inference, NamedOutputs
from cnncalc.graph.model import Flow, Node
from cnncalc.graph.sharing import Sharer
from cnncalc.graph.type_lookup import FoundType, suffix_of
from cnncalc.layers.base import Layer


class Placer:
    """Appends layers to the nodes of a build."""

    def __init__(self, building: Building, sharer: Sharer) -> None:
        self._building = building
        self._nodes = building.nodes
        self._fields = FieldReader(building)
        self._activations = Activations(building, self._fields)
        self._inference = Inference(building, self._fields)
        self._sharer = sharer
        self._beside = building.cache.remembering(beside)
        self._as_buffers = building.cache.remembering(as_buffers)

    def place(self, use: ItemUse, found: FoundType) -> Flow:
        """Append the node of a layer whose inputs are there, or a node for each of its outputs."""
        item, scope, sources, name = use
        kind = found[0]
        full = scope.prefix + (name or self._building.fresh(kind.type, scope))
        placed = Placement(item, scope, sources, full, kind, suffix_of(found))
        try:
            return self._placed(placed)
        except NoFormError as error:
            error.locate(full, item.span)
            raise

    def _placed(self, placed: Placement) -> Flow:
        """Append the nodes of a layer whose name is known."""
        item, scope, sources, kind = placed.item, placed.scope, placed.sources, placed.kind
        built = self._fields.construction(item, kind, scope, sources[0])
        self._building.work.spend_layer(built.layer.stacked() if built else 1, len(sources), item)
        activation = self._activations.carried(placed, built)
        if kind.inputs[1] == 0:
            placed = self._without_inputs(placed)
        built = self._settled(built, placed) if built else None
        parts = self._inference.parts(built, placed) if built and kind.splits else None
        if parts:
            return self._place_parts(parts, placed, activation)
        return self._place_one(built, placed, activation)

    def _place_one(self, built: Construction | None, placed: Placement, activation: Layer | None) -> Flow:
        """Append the node of a layer that has one output, or whose outputs are unknown."""
        item, scope, name = placed.item, placed.scope, placed.name
        use = self._inference.use(built, placed) if built else None
        node = Node(
            name, built.layer if built else None, placed.sources, use.output if use else None, item.span, scope.path,
            activation=activation, trainable=scope.trainable,
        )  # fmt: skip
        node.use = use
        index = self._append(node)
        if placed.kind.splits:
            lost = self._building.names.lost
            lost.lose(name, index)
            lost.lose_item(item.node, scope.prefix, placed.kind.type, index)
        if "share_weights" in item.common:
            self._sharer.share(item.common["share_weights"], node, scope)
        elif scope.twin:
            self._sharer.share_with_twin(scope.twin, node)
        return (index,)

    def _place_parts(self, parts: NamedOutputs, placed: Placement, activation: Layer | None) -> Flow:
        """Append a node for each part, named by itself or after the whole."""
        item, scope, sources = placed.item, placed.scope, placed.sources
        first = len(self._nodes)
        self._building.work.spend("layers", len(parts) - 1, item)
        for name, layer in parts:
            full = f"{placed.name}.{name}" if name.isdecimal() else scope.prefix + name
            shape = layer.shape(*self._building.shapes_of(sources) or ())
            self._append(
                Node(full, layer, sources, shape, item.span, scope.path, activation=activation,
                     trainable=scope.trainable)
            )  # fmt: skip
        return tuple(range(first, len(self._nodes)))

    def _append(self, node: Node) -> int:
        """Append a node under its name; its index."""
        self._inference.count_samples(node)
        index = len(self._nodes)
        self._nodes.append(node)
        self._building.give(node.name, index, node.span)
        return index

    def _without_inputs(self, placed: Placement) -> Placement:
        """A layer of a type that takes no input, whatever is before it; a `from` is reported."""
        if "from" in placed.item.common:
            message = f"{placed.name}: {placed.kind.type} takes no input"
            hint = "leave out `from`; what uses the array names it, or follows it in a branch"
            self._building.report(Diagnostic("E307", message, placed.item.common["from"].span, hint=hint))
        return placed._replace(sources=())

    def _settled(self, built: Construction, placed: Placement) -> Construction:
        """The construction with a layer that knows which of its inputs have no batch axis, and whether it is fixed."""
        layer, scope, sources = built.layer, placed.scope, placed.sources
        if "trainable" in placed.item.common and not scope.trainable:
            layer = layer.fixed()
        if scope.buffers:
            layer = self._as_buffers(layer)
        if len(sources) > 1:
            unbatched = tuple(place for place, source in enumerate(sources) if self._nodes[source].unbatched)
            layer = self._beside(layer, unbatched) if unbatched else layer
        return built if layer is built.layer else built._replace(layer=layer)


def as_buffers(layer: Layer) -> Layer:
    """A layer whose weights are all fixed numbers."""
    return layer.as_buffers()


def beside(layer: Layer, unbatched: tuple[int, ...]) -> Layer:
    """A layer that knows which of its inputs have no batch axis."""
    return layer.beside(unbatched)
