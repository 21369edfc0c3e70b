"""The items of a spec as they are written, before anything is built: their words, fields and names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic
from cnncalc.graph import kinds
from cnncalc.graph.items import Item, take_apart
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import is_canonical
from cnncalc.spec.inline import expand_item
from cnncalc.spec.limits import DEFAULT_LIMITS
from cnncalc.spec.nodes import Mapping, Node, Scalar, Sequence


class Written(NamedTuple):
    """An item, and the layer type that its word means; None for a block, a group, or a word that means nothing."""

    item: Item
    kind: type[Layer] | None


def is_inline(root: Node | None) -> bool:
    """Whether a spec was read from the inline form, whose keys are nowhere in the text."""
    entry = root.entries.get("layers") if isinstance(root, Mapping) else None
    return entry is not None and entry[0].start == entry[0].end


@lru_cache(maxsize=1)
def written_items(root: Node | None) -> tuple[Written, ...]:
    """Every item of the layers and of the blocks, those inside others too, in the order of the text."""
    if not isinstance(root, Mapping):
        return ()
    blocks = root.get("blocks")
    names = set(blocks.entries) if isinstance(blocks, Mapping) else set()
    bodies = [body for _, body in blocks.entries.values()] if isinstance(blocks, Mapping) else []
    lists = [body.get("layers") if isinstance(body, Mapping) else body for body in bodies]
    found = [each for layers in (*lists, root.get("layers")) if layers for each in _inside(layers, names)]
    return tuple(sorted(found, key=lambda each: each.item.node.start))


def _inside(node: Node, blocks: set[str]) -> Iterator[Written]:
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
    found = kinds.find(item.head.text) if item.head and item.head.text not in blocks else None
    kind = found[0] if found else None
    yield Written(item, kind)
    if item.body is not None and (item.head is None or (kind and kind.branching)):
        yield from _inside(item.body, blocks)


def stands_as(node: Scalar) -> bool:
    """Whether the text at a scalar's place is the scalar's, letter by letter, so that it can be edited."""
    return node.source.text[node.start : node.end] == node.text


def _ignore(diagnostic: Diagnostic) -> None:
    """Drop a mistake: building the spec tells of it."""
