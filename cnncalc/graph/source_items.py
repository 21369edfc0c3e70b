"""The items of a spec as they are written, before anything is built: their words, fields and names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic
from cnncalc.graph import type_lookup
from cnncalc.graph.items import Item, take_apart
from cnncalc.graph.wrapping import inner_item
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import is_canonical
from cnncalc.reading.inline import expand_item
from cnncalc.reading.limits import DEFAULT_LIMITS
from cnncalc.reading.nodes import Mapping, Scalar, Sequence, SpecNode


class Written(NamedTuple):
    """An item, and the layer type that its word means; None for a block, a group, or a word that means nothing."""

    item: Item
    kind: type[Layer] | None

    @property
    def is_alias(self) -> bool:
        """Whether a YAML alias stands there: what is wrong in the item is told where it is written."""
        return self.item.span.source.text.startswith("*", self.item.span.start)


def is_inline(root: SpecNode | None) -> bool:
    """Whether a spec was read from the inline form, whose keys are nowhere in the text."""
    entry = root.entries.get("layers") if isinstance(root, Mapping) else None
    return entry is not None and entry[0].start == entry[0].end


def block_names(root: SpecNode | None) -> set[str]:
    """The names of a spec's blocks, which go before those of layer types."""
    blocks = root.get("blocks") if isinstance(root, Mapping) else None
    return set(blocks.entries) if isinstance(blocks, Mapping) else set()


@lru_cache(maxsize=1)
def written_items(root: SpecNode | None) -> tuple[Written, ...]:
    """Every item of the layers and of the blocks, those inside others too, in the order of the text."""
    if not isinstance(root, Mapping):
        return ()
    blocks = root.get("blocks")
    names = block_names(root)
    bodies = [body for _, body in blocks.entries.values()] if isinstance(blocks, Mapping) else []
    lists = [body.get("layers") if isinstance(body, Mapping) else body for body in bodies]
    found = [each for layers in (*lists, root.get("layers")) if layers for each in _inside(layers, names)]
    return tuple(sorted(found, key=lambda each: each.item.node.start))


def _inside(node: SpecNode, blocks: set[str]) -> Iterator[Written]:
    """The items of a list, of a branch, or of a text that may hold several."""
    if isinstance(node, Sequence):
        for each in node.items:
            yield from _inside(each, blocks)
        return
    parts = expand_item(node, DEFAULT_LIMITS)[0] if isinstance(node, Scalar) else [node]
    if parts != [node]:
        for part in parts:
            yield from _inside(part, blocks)
        return
    item = take_apart(node, lambda word: word in blocks or is_canonical(word), _ignore)
    if item is None:
        return
    kind = _kind(item, blocks)
    yield Written(item, kind)
    if kind and kind.wraps and (inner := inner_item(item, kind, _ignore)):
        yield Written(inner, _kind(inner, set()))
    if item.body is not None and (item.head is None or (kind and kind.branching)):
        yield from _inside(item.body, blocks)


def _kind(item: Item, blocks: set[str]) -> type[Layer] | None:
    """The layer type that an item's word means, unless it is a block's."""
    found = type_lookup.find(item.head.text) if item.head and item.head.text not in blocks else None
    return found[0] if found else None


def letters(node: Scalar) -> tuple[int, int] | None:
    """Where the letters of a scalar stand, without its quotes; None where it is an alias, escaped, or folded."""
    text = node.source.text
    quoted = text[node.start : node.start + 1] in ("'", '"')
    start, end = (node.start + 1, node.end - 1) if quoted else (node.start, node.end)
    return (start, end) if text[start:end] == node.text else None


def _ignore(diagnostic: Diagnostic) -> None:
    """Drop a mistake: building the spec tells of it."""
