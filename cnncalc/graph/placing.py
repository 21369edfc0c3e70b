"""Placing one layer: its fields are read, its shape inferred, its node appended."""

from __future__ import annotations

from math import prod
from typing import Any

from cnncalc.arithmetic.convention import Setting, Shape
from cnncalc.diagnostics import Diagnostic, Refusal, Reporter, Span
from cnncalc.graph import type_lookup
from cnncalc.graph.construct import Construction, FieldContext, as_arguments, construct, suffix_of
from cnncalc.graph.inflow import check_axes, check_inputs, check_samples
from cnncalc.graph.items import Argument, Item
from cnncalc.graph.memo import BuildCache, ItemKey, SpecMemo
from cnncalc.graph.model import Flow, Node
from cnncalc.graph.names import Names
from cnncalc.graph.scope import Scope
from cnncalc.graph.sharing import Sharer
from cnncalc.graph.stated import check_stated
from cnncalc.graph.values import INCOMING, Unknowable, Values, WrongValue, names_in, show
from cnncalc.graph.work import Work
from cnncalc.graph.wrapping import inner_item
from cnncalc.layers.base import Layer
from cnncalc.number_text import show_shape, thousands
from cnncalc.reading.expression import UnknownName
from cnncalc.reading.limits import MOST_AXES, MOST_ELEMENTS, TOO_MANY, TOO_MANY_HINT, too_many_elements
from cnncalc.reading.nodes import Scalar, Sequence, SpecNode

_NO_ACTIVATION = ("none", "linear", "~", "null", "")


class Placer:
    """Appends layers to the list of nodes."""

    def __init__(
        self, setting: Setting, work: Work, names: Names, report: Reporter, memo: SpecMemo, cache: BuildCache
    ) -> None:  # fmt: skip
        self.setting = setting
        self.work = work
        self.names = names
        self.report = report
        self.nodes: list[Node] = []
        self._memo = memo
        self._layers = cache.layers
        self._activations = cache.activations(setting)
        self._constructions = memo.constructions(setting)
        self._beside = cache.remembering(_beside)
        self._as_buffers = cache.remembering(_as_buffers)
        self._output_shape = cache.remembering(_output_shape)
        self._sharer = Sharer(self.nodes, names, report)

    def place(self, item: Item, found: type_lookup.FoundType, scope: Scope, sources: Flow, name: str | None) -> Flow:
        """Append the node of a layer whose inputs stand, or a node for each of its outputs."""
        kind = found[0]
        full = scope.prefix + (name or self.fresh(kind.type, scope))
        built = self.construction(item, kind, scope, sources[0])
        self.work.spend("layers", built.layer.stacked() if built else 1, item)
        self.work.spend("connections", len(sources), item)
        activation = self.activation(item, built, kind, scope, sources[0])
        if kind.inputs[1] == 0:
            sources = self.without_inputs(item, kind, full)
        built = self.settled(built, item, scope, sources) if built else None
        parts = self.parts(built, item, kind, full, scope, sources) if built and kind.splits else None
        if parts:
            return self.place_parts(parts, item, full, scope, sources, activation)
        shape = self.infer(built, item, found, full, scope, sources) if built else None
        layer, span = built.layer if built else None, item.span
        node = Node(full, layer, sources, shape, span, scope.path, activation=activation, trainable=scope.trainable)
        self.count_samples(node)
        if shape is not None and node.samples != 1 and node.samples * prod(shape) > MOST_ELEMENTS:
            self.report(too_many_elements(full, span))
            node.shape = None
        self.nodes.append(node)
        index = len(self.nodes) - 1
        self.give(full, index, span)
        if kind.splits:
            self.names.lost.lose(full, index)
            self.names.lost.lose_item(item.node, scope.prefix, kind.type, index)
        if "share_weights" in item.common:
            self._sharer.share(item.common["share_weights"], node, scope)
        elif scope.twin:
            self._sharer.share_with_twin(scope.twin, node)
        return (index,)

    def without_inputs(self, item: Item, kind: type[Layer], name: str) -> Flow:
        """The inputs of a type that takes none, whatever is before it; a `from` is reported."""
        if "from" in item.common:
            message = f"{name}: {kind.type} takes no input"
            hint = "leave out `from`; what uses the array names it, or follows it in a branch"
            self.report(Diagnostic("E307", message, item.common["from"].span, hint=hint))
        return ()

    def settled(self, built: Construction, item: Item, scope: Scope, sources: Flow) -> Construction:
        """The construction with a layer that knows which of its inputs have no batch axis, and whether it is fixed."""
        layer = built.layer
        if "trainable" in item.common and not scope.trainable:
            layer = layer.fixed()
        if scope.buffers:
            layer = self._as_buffers(layer)
        unbatched = tuple(place for place, source in enumerate(sources) if self.nodes[source].unbatched)
        if unbatched and len(sources) > 1:
            layer = self._beside(layer, unbatched)
        return built if layer is built.layer else built._replace(layer=layer)

    def parts(
        self, built: Construction, item: Item, kind: type[Layer], name: str, scope: Scope, sources: Flow
    ) -> tuple[tuple[str, Layer], ...] | None:  # fmt: skip
        """Name and layer of each output of a layer that has several; None after reporting why there are none."""
        shapes = self.shapes_of(sources)
        if shapes is None:
            return None
        try:
            check_inputs(kind, None, shapes)
            return built.layer.outputs(*shapes)
        except Refusal as refusal:
            self.refuse(refusal, item, kind, name, scope, sources)
            return None

    def place_parts(
        self, parts: tuple[tuple[str, Layer], ...], item: Item, full: str, scope: Scope, sources: Flow,
        activation: Layer | None,
    ) -> Flow:  # fmt: skip
        """Append a node for each part, named by itself or after the whole."""
        first = len(self.nodes)
        self.work.spend("layers", len(parts) - 1, item)
        for index, (name, layer) in enumerate(parts, first):
            part = f"{full}.{name}" if name.isdecimal() else scope.prefix + name
            shape = layer.shape(*self.shapes_of(sources) or ())
            node = Node(
                part, layer, sources, shape, item.span, scope.path, activation=activation, trainable=scope.trainable
            )
            self.count_samples(node)
            self.nodes.append(node)
            self.give(part, index, item.span)
        return tuple(range(first, len(self.nodes)))

    def shapes_of(self, sources: Flow) -> tuple[Shape, ...] | None:
        """The shapes that flow in; None while one is unknown."""
        shapes = tuple([shape for index in sources if (shape := self.nodes[index].shape) is not None])
        return shapes if len(shapes) == len(sources) else None

    def broken(self, item: SpecNode, scope: Scope, kind: str | None = None) -> Flow:
        """A node of unknown shape in the place of an item (of a type or block, if known) that could not be built."""
        self.nodes.append(Node("", None, (), None, item.span, scope.path))
        index = len(self.nodes) - 1
        self.names.lost.lose_item(item, scope.prefix, kind, index)
        return (index,)

    def fresh(self, kind: str, scope: Scope) -> str:
        """The next unused `TYPE_N`."""
        name = scope.next_name(kind)
        while self.names.taken(scope.prefix + name):
            name = scope.next_name(kind)
        return name

    def give(self, full: str, index: int, span: Span) -> None:
        mistake = self.names.give(full, index, span)
        if mistake:
            self.report(mistake)

    # --- fields --------------------------------------------------------------------------------------------------

    def construction(self, item: Item, kind: type[Layer], scope: Scope, source: int) -> Construction | None:
        """The item's layer; None after reporting why there is none, or if it hangs on an unknown shape."""
        is_argument = kind.activation_field and "activation" in item.common  # one that the item's key lacks
        key = None if is_argument else self.key(item, scope, source)
        if key is not None and key in self._constructions:
            return self._constructions[key]
        built = self.read_fields(item, kind, self.values(scope, source), self.report)
        if built and key is not None:
            self._constructions[key] = built
        return built

    def key(self, item: Item, scope: Scope, source: int) -> ItemKey | None:
        """What makes two items the same layer: their text, and all that its expressions see."""
        if item.key is None:
            return None
        names = names_in(item.key)
        if not names:
            return None if names is None else (item.key, "")
        seen: list[object] = []
        for name in names:
            if name in scope.values:
                seen.append(scope.values[name])
            elif name.startswith(INCOMING):
                seen.append(self.nodes[source].shape)
            else:
                return None
        told = repr(seen)
        self.work.spend("evaluated", len(told), item)
        return item.key, told

    def read_fields(self, item: Item, kind: type[Layer], values: Values, report: Reporter) -> Construction | None:
        if kind.wraps:
            return self.wrap(item, kind, values, report)
        arguments = item.arguments
        if item.body is not None and not kind.branching:
            arguments = [*arguments, *as_arguments(kind, item.body)]
        if kind.activation_field and "activation" in item.common:
            written = item.common["activation"]
            key = Scalar(written.source, written.start, written.end, kind.activation_field)
            arguments = [*arguments, Argument(key, written)]
        try:
            return construct(kind, arguments, item.span, FieldContext(self.setting, values, report, self._layers))
        except Unknowable:
            return None

    def wrap(self, item: Item, kind: type[Layer], values: Values, report: Reporter) -> Construction | None:
        """A wrapper around the layer that its item holds; an activation written inside follows it."""
        inner = inner_item(item, kind, self._memo.layer_item, report)
        if inner is None or inner.head is None:
            return None
        found = type_lookup.find(inner.head.text)
        if found is None:
            report(type_lookup.unknown_type(inner.head, ()))
            return None
        if found[0].inputs[0] != 1:
            hint = "only layers of one input can be wrapped"
            takes = "joins several inputs" if found[0].inputs[0] else "takes no input"
            report(Diagnostic("E307", f"{found[0].type} {takes}", inner.span, hint=hint))
            return None
        built = self.read_fields(inner, found[0], values, report)
        if built is None:
            return None
        activation = inner.common.get("activation", built.activation)
        suffix = built.suffix or suffix_of(found)
        suffix = suffix and suffix._replace(before=suffix.before + kind.axes_before_spatial)
        return built._replace(layer=kind(self.setting, layer=built.layer), activation=activation, suffix=suffix)

    def activation(
        self, item: Item, built: Construction | None, kind: type[Layer], scope: Scope, source: int
    ) -> Layer | None:
        """The activation that a layer carries, from the `activation` key or a bare word."""
        own = item.common.get("activation") if kind.activation_field is None else None
        written = own or (built.activation if built else None)
        if isinstance(written, Scalar) and "$" in written.text:
            written = self.evaluated(written, self.values(scope, source))
        if written is None or (isinstance(written, Scalar) and written.text.lower() in _NO_ACTIVATION):
            return None
        word = written.text if isinstance(written, Scalar) else ""
        if word in self._activations:
            return self._activations[word]
        part, mistakes = self._memo.layer_item(written)
        for mistake in mistakes:
            self.report(mistake)
        if part is None or part.head is None:
            return None
        found = type_lookup.find(part.head.text)
        if found is None or not found[0].usable_as_activation:
            self.report(type_lookup.unknown_word(part.head, None if "activation" in item.common else kind))
            return None
        made = self.construction(part, found[0], scope, source)
        if made is None:
            return None
        carried = made.layer.as_activation()
        if word and "$" not in word and not mistakes:
            self._activations.keep(word, carried)
        return carried

    def evaluated(self, written: Scalar, values: Values) -> Scalar | None:
        """The activation's name that an expression gives, in its place; None where it gives none, or a mistake."""
        try:
            value = values.read(written)
        except WrongValue as mistake:
            self.report(mistake.diagnostic)
            return None
        except Unknowable:
            return None
        if value is None or isinstance(value, str):
            return Scalar(written.source, written.start, written.end, value) if value else None
        message = f"activation: {show(value)} is not the name of an activation"
        self.report(Diagnostic("E204", message, written.span, hint="it is a word, such as relu"))
        return None

    # --- shapes --------------------------------------------------------------------------------------------------

    def infer(
        self, built: Construction, item: Item, found: type_lookup.FoundType, name: str, scope: Scope, sources: Flow
    ) -> Shape | None:  # fmt: skip
        """The output's shape; None after reporting why there is none, or when an input's is unknown."""
        kind, shapes = found[0], self.shapes_of(sources)
        if shapes is None:
            return None
        try:
            if not self.is_alone(item, kind, shapes):
                check_inputs(kind, built.suffix or suffix_of(found), shapes)
            check_axes(kind, shapes)
            if len(sources) > 1:
                check_samples([self.nodes[index] for index in sources if not self.nodes[index].unbatched])
            if built.layer.stated or kind.wraps:
                check_stated(built.layer, self.nodes, sources, shapes)
            return self._output_shape(built.layer, shapes)
        except Refusal as refusal:
            self.refuse(refusal, item, kind, name, scope, sources)
            return None

    def is_alone(self, item: Item, kind: type[Layer], shapes: tuple[Shape, ...]) -> bool:
        """Whether the item lists one input, for a merge of which the framework takes a list of one."""
        listed = item.body is not None or isinstance(item.common.get("from"), Sequence)
        return len(shapes) == 1 and listed and self.setting.convention.name in kind.alone

    def refuse(self, refusal: Refusal, item: Item, kind: type[Layer], name: str, scope: Scope, sources: Flow) -> None:
        """Report a rule's refusal where the item writes the field that it blames."""
        place = self.place_of(refusal.field, item, kind, scope, sources) or item.span
        self.report(Diagnostic(refusal.code, f"{name}: {refusal.message}", place, hint=refusal.hint))

    def count_samples(self, node: Node) -> None:
        """Note how many samples each sample has become after a node, and whether it has a batch axis at all."""
        if node.layer is None or node.shape is None:
            return
        batched = [index for index in node.inputs if not self.nodes[index].unbatched]
        node.unbatched = not batched
        node.samples = self.nodes[batched[0]].samples if batched else 1
        if type(node.layer).multiplicity is not Layer.multiplicity:  # as in nearly all types it is
            node.samples *= node.layer.multiplicity(*[self.nodes[index].shape for index in node.inputs])

    def place_of(self, field: str | None, item: Item, kind: type[Layer], scope: Scope, sources: Flow) -> Span | None:
        """Where this item writes `field`: the layer may be shared with other items, so its fields are read again."""
        own = self._memo.placed_item(item.node)
        if field is None or own is None:
            return None
        built = self.read_fields(own, kind, self.values(scope, sources[0] if sources else 0), _ignore)
        return built.place(field) if built else None

    def values(self, scope: Scope, source: int) -> Values:
        """Reads values in a scope where node `source` flows in."""
        return Values(scope, lambda name: self.incoming(name, source), self.work)

    def incoming(self, name: str, source: int) -> object:
        """`in.channels` and its kin. Raises Unknowable where the shape is, UnknownName for an axis it lacks."""
        shape = self.nodes[source].shape
        if shape is None:
            raise Unknowable
        spatial = self.setting.spatial(shape)
        known: dict[str, Any] = {"channels": self.setting.channels(shape), "size": prod(shape), "rank": len(shape)}
        if len(spatial) == 1:
            known["length"] = spatial[0]
        known.update(zip(("width", "height", "depth"), reversed(spatial), strict=False))
        wanted = name.partition(".")[2]
        if wanted in known:
            return known[wanted]
        raise UnknownName(f"the incoming shape {show_shape(shape)} has no {wanted}", f"it has {', '.join(known)}")


def _as_buffers(layer: Layer) -> Layer:
    return layer.as_buffers()


def _beside(layer: Layer, unbatched: tuple[int, ...]) -> Layer:
    return layer.beside(unbatched)


def _output_shape(layer: Layer, shapes: tuple[Shape, ...]) -> Shape:
    """The output's shape. Refuses more than MOST_ELEMENTS."""
    shape = layer.shape(*shapes)
    if len(shape) > MOST_AXES:
        raise Refusal(f"{thousands(len(shape))} axes; the limit is {MOST_AXES}", code="E103")
    if prod(shape) > MOST_ELEMENTS:
        raise Refusal(TOO_MANY, hint=TOO_MANY_HINT, code="E103")
    return shape


def _ignore(diagnostic: Diagnostic) -> None:
    """Drop a diagnostic that has been reported before."""
