"""The layer of an item: its fields are read once for all items that are equal."""

from __future__ import annotations

from cnncalc.diagnostics import Diagnostic, Reporter, Span
from cnncalc.graph import type_lookup
from cnncalc.graph.building import Building, Placement
from cnncalc.graph.construct import Construction, FieldContext, as_arguments, construct
from cnncalc.graph.items import COMMON, Argument, Item
from cnncalc.graph.memo import ArgumentNames, ItemKey
from cnncalc.graph.scope import Scope
from cnncalc.graph.values import INCOMING, Unknowable, Values, names_in
from cnncalc.graph.wrapping import inner_item
from cnncalc.layers.base import Layer
from cnncalc.reading.nodes import Scalar
from cnncalc.reading.spelt_layers import SpeltLayer


class FieldReader:
    """Makes layers of items under the setting of a build."""

    def __init__(self, building: Building) -> None:
        self._building = building
        self._layers = building.cache.layers(building.setting)
        self._constructions = building.memo.constructions(building.setting)

    def construction(self, item: Item, kind: type[Layer], scope: Scope, source: int) -> Construction | None:
        """The item's layer; None after reporting why there is none, or if it depends on an unknown shape."""
        has_own_activation = kind.activation_field is not None and "activation" in item.common
        if item.given is not None or kind.wraps or has_own_activation:
            return self._of_arguments(item, kind, scope, source)
        names, text = _names_and_text(item)
        made = self._layers.of_text(kind, names, text)
        if made is None:
            built = self._of_arguments(item, kind, scope, source)
            if built:
                self._layers.keep_text(kind, names, text, (built.layer, built.fields))
            return built
        layer, fields = made
        return Construction(layer, item.arguments[fields.index("")].value if "" in fields else None, [], fields)

    def _of_arguments(self, item: Item, kind: type[Layer], scope: Scope, source: int) -> Construction | None:
        """The layer that an item's arguments describe, which may be kept."""
        is_argument = kind.activation_field and "activation" in item.common  # one that the item's key lacks
        key = None if is_argument else self._key(item, scope, source)
        if key is not None and key in self._constructions:
            return self._constructions[key]
        mistakes: list[Diagnostic] = []
        values = self._building.values(scope, source)
        built = self._read(item, kind, values, mistakes.append)
        if mistakes and self._has_arguments_of_another(item):
            own = self._building.memo.placed_item(item.node)
            assert own is not None
            mistakes.clear()
            self._read(own, kind, values, mistakes.append)
        for mistake in mistakes:
            self._building.report(mistake)
        if built and key is not None and not mistakes:  # an equal item has equal mistakes, at its own place
            self._constructions.keep(key, built)
        return built

    def _has_arguments_of_another(self, item: Item) -> bool:
        """Whether an item has the arguments of an earlier one with an equal text, at their places."""
        memo = self._building.memo
        return memo.item(item.node)[0] is item and memo.placed_item(item.node) is not item

    def place_of(self, field: str | None, placed: Placement) -> Span | None:
        """Where an item writes `field`: its layer may be another item's, too, so its fields are read again."""
        own = self._building.memo.placed_item(placed.item.node)
        if field is None or own is None:
            return None
        source = placed.sources[0] if placed.sources else 0
        built = self._read(own, placed.kind, self._building.values(placed.scope, source), _ignore)
        return built.place(field) if built else None

    def _key(self, item: Item, scope: Scope, source: int) -> ItemKey | None:
        """The key of a layer: the item's text, and every value that its expressions can see."""
        if item.key is None:
            return None
        if item.given is None:
            return item.key, ""
        names = names_in(item.key)
        if not names:
            return None if names is None else (item.key, "")
        seen: list[object] = []
        for name in names:
            if name in scope.values:
                seen.append(scope.values[name])
            elif name.startswith(INCOMING):
                seen.append(self._building.nodes[source].shape)
            else:
                return None
        shown = repr(seen)
        self._building.work.spend("evaluated", len(shown), item)
        return item.key, shown

    def _read(self, item: Item, kind: type[Layer], values: Values, report: Reporter) -> Construction | None:
        if kind.wraps:
            return self._wrapped(item, kind, values, report)
        arguments = item.arguments
        if item.body is not None and not kind.branching:
            arguments = [*arguments, *as_arguments(kind, item.body)]
        if kind.activation_field and "activation" in item.common:
            written = item.common["activation"]
            key = Scalar(written.source, written.start, written.end, kind.activation_field)
            arguments = [*arguments, Argument(key, written)]
        context = FieldContext(self._building.setting, values, report, self._layers)
        try:
            return construct(kind, arguments, item.span, context)
        except Unknowable:
            return None

    def _wrapped(self, item: Item, kind: type[Layer], values: Values, report: Reporter) -> Construction | None:
        """A wrapper around the layer that its item holds; an activation written inside follows it."""
        inner = inner_item(item, kind, self._building.memo.layer_item, report)
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
        built = self._read(inner, found[0], values, report)
        if built is None:
            return None
        activation = inner.common.get("activation", built.activation)
        suffix = built.suffix or type_lookup.suffix_of(found)
        suffix = suffix and suffix._replace(before=suffix.before + kind.axes_before_spatial)
        layer = kind(self._building.setting, layer=built.layer)
        return built._replace(layer=layer, activation=activation, suffix=suffix)


def _names_and_text(item: Item) -> tuple[ArgumentNames, str]:
    """The names and the text of an item of plain words, or of a spelt layer, as `LayerMemo.of_text` takes them."""
    if not isinstance(item.node, SpeltLayer):
        assert item.key is not None
        return (), item.key[0]
    fields = item.node.fields
    names = tuple([name for name in fields if name not in COMMON])
    return names, "\n".join([*names, *[fields[name] for name in names]])


def _ignore(diagnostic: Diagnostic) -> None:
    """Drop a diagnostic that has been reported before."""
