"""Items of plain values, as model files give them: equal layers share their arguments."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping

from cnncalc.graph.items import COMMON_KEYS, Argument, Item
from cnncalc.reading.nodes import Scalar
from cnncalc.reading.plain_mapping import PlainMapping

PlainKey = tuple[str, str]
"""A type, and the fields of a layer as a text."""
PlainArguments = tuple[list[Argument], PlainKey | None]
"""The arguments of a layer at the position of the first such layer, and the key of its item."""


def plain_item(node: PlainMapping, known: dict[PlainKey, PlainArguments]) -> Item | None:
    """The item of `{TYPE: {field: value, …}}`; None for a mapping of another form.

    `known` are the arguments of earlier items, which get those of this one.
    """
    (kind, values), *others = node.values.items()
    if others or not isinstance(values, AnyMapping) or kind in COMMON_KEYS or kind == "layers":
        return None
    common = {name: node.node(value) for name, value in values.items() if name in COMMON_KEYS}
    own = {name: value for name, value in values.items() if name not in COMMON_KEYS} if common else values
    key = kind, repr(own)
    found = known.get(key)
    if found is None:
        is_flat = key[1].count("{") == 1 and "$" not in key[1]
        found = known[key] = _arguments(node, own), key if is_flat else None
    arguments, item_key = found
    return Item(node, Scalar(node.source, node.start, node.end, kind), arguments, common, None, item_key)


def _arguments(node: PlainMapping, values: AnyMapping[str, object]) -> list[Argument]:
    """The fields of a layer, a layer inside of it as a mapping."""
    at = node.source, node.start, node.end
    return [Argument(Scalar(*at, name), node.node(value)) for name, value in values.items()]
