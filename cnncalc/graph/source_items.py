"""The items of a spec's text: those that building it took apart, and those that it did not reach."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic
from cnncalc.graph import type_lookup
from cnncalc.graph.items import Item
from cnncalc.graph.memo import BuildCache, SpecMemo
from cnncalc.graph.wrapping import inner_item
from cnncalc.layers.base import Layer
from cnncalc.reading.limits import Limits
from cnncalc.reading.nodes import Mapping, Scalar, Sequence, SpecNode


class SourceItem(NamedTuple):
    """An item, and the layer type that its word means; None for a block, a group, or an unknown word."""

    item: Item
    kind: type[Layer] | None

    @property
    def is_alias(self) -> bool:
        """Whether the text has a YAML alias here: findings in the item belong to the place where it is written."""
        return self.item.span.source.text.startswith("*", self.item.span.start)


def source_items(root: Mapping, limits: Limits, cache: BuildCache) -> SourceItems:
    """The items of a spec, of a broken one too. What a build with this cache took apart is not taken apart again."""
    memo = cache.spec(root, limits)
    known = memo.source_items.get(root)
    return known or memo.source_items.setdefault(root, SourceItems(root, memo))


class SourceItems:
    """The items of all layers and blocks of a text, those inside other items too."""

    def __init__(self, root: Mapping, memo: SpecMemo) -> None:
        self._memo = memo
        self._waiting: list[tuple[SpecNode, bool, bool]] = []
        """A stack of what holds items, whether it is inside an item's text, and whether its items are branches."""
        self._nodes: list[SpecNode] = []
        """Those that hold one item each."""
        self.lists: list[Sequence] = []
        """The lists whose items follow each other: of layers, of groups, of branches; not those in an item's text."""
        blocks = root.get("blocks")
        bodies = [body for _, body in blocks.entries.values()] if isinstance(blocks, Mapping) else []
        lists = [body.get("layers") if isinstance(body, Mapping) else body for body in bodies]
        self._find([layers for layers in (*lists, root.get("layers")) if layers])

    @property
    def blocks(self) -> frozenset[str]:
        """The names of the blocks, which take precedence over those of layer types."""
        return self._memo.blocks

    @cached_property
    def each(self) -> tuple[SourceItem, ...]:
        """The items in the order of the text."""
        found = [item for node in self._nodes for item in self._placed(node)]
        return tuple(sorted(found, key=lambda each: each.item.node.start))

    def _find(self, nodes: list[SpecNode]) -> None:
        memo = self._memo
        self._wait(nodes, in_text=False)
        while self._waiting:
            node, in_text, holds_branches = self._waiting.pop()
            if isinstance(node, Sequence):
                if not (in_text or holds_branches):
                    self.lists.append(node)
                self._wait(node.items, in_text=in_text)
                continue
            if isinstance(node, Scalar):
                parts = memo.parts(node)[0]
                if len(parts) != 1 or parts[0] is not node:
                    self._wait(parts, in_text=True)
                    continue
            if item := memo.item(node)[0]:
                self._nodes.append(node)
                if item.body is not None and (item.head is None or self._has_branches(item)):
                    self._waiting.append((item.body, in_text, item.head is not None))

    def _wait(self, nodes: list[SpecNode], *, in_text: bool) -> None:
        self._waiting.extend([(node, in_text, False) for node in reversed(nodes)])

    def _has_branches(self, item: Item) -> bool:
        kind = self._kind(item)
        return kind is not None and kind.branching

    def _placed(self, node: SpecNode) -> Iterator[SourceItem]:
        """The item of a node, and that inside a wrapper."""
        item = self._memo.placed_item(node)
        if item is None:
            return
        kind = self._kind(item)
        yield SourceItem(item, kind)
        if kind and kind.wraps and (inner := inner_item(item, kind, self._memo.layer_item, _ignore)):
            found = type_lookup.find(inner.head.text) if inner.head else None
            yield SourceItem(inner, found[0] if found else None)

    def _kind(self, item: Item) -> type[Layer] | None:
        """The layer type that an item's word means, unless it is a block's."""
        found = type_lookup.find(item.head.text) if item.head and item.head.text not in self._memo.blocks else None
        return found[0] if found else None


def _ignore(diagnostic: Diagnostic) -> None:
    """Drop a mistake, which the build reports."""
