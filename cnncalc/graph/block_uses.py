"""Uses of blocks, and groups of layers: each opens a scope of its own for the names inside it."""

from __future__ import annotations

from cnncalc.diagnostics import Diagnostic, Span
from cnncalc.graph.blocks import Block, block_values, default_values
from cnncalc.graph.branches import Walk
from cnncalc.graph.building import Building, ItemUse
from cnncalc.graph.instances import Instances
from cnncalc.graph.items import Item
from cnncalc.graph.memo import InstanceKey
from cnncalc.graph.model import Flow
from cnncalc.graph.scope import Scope
from cnncalc.graph.sharing import Sharer
from cnncalc.graph.values import Unknowable


class BlockUses:
    """Builds blocks and groups with the `walk` of the builder; blocks that are alike are built once and copied.

    The builder owns this object and hands its `walk` to each call. If both held each other, a text and all its nodes
    would stay in memory until Python looks for reference cycles.
    """

    def __init__(self, building: Building, sharer: Sharer) -> None:
        self._building = building
        self._sharer = sharer
        self._instances = Instances(building)

    def place(self, use: ItemUse, walk: Walk) -> Flow | None:
        """Build one use of a group or block; None after reporting why it cannot be built."""
        if len(use.sources) > 1:
            self._building.report(self._several(use))
            return None
        if use.item.head is None:
            return self._place_group(use, walk)
        return self._place_block(self._building.blocks[use.item.head.text], use, walk)

    def _several(self, use: ItemUse) -> Diagnostic:
        """The diagnostic for several inputs."""
        names = ", ".join(self._building.nodes[index].name for index in use.sources)
        what = f"block {use.item.head.text}" if use.item.head else "a group"
        message = f"{what} takes one input, got {len(use.sources)}: {names}"
        hint = "name one of them with `from`, or merge them first"
        return Diagnostic("E307", message, use.item.span, hint=hint)

    def _place_group(self, use: ItemUse, walk: Walk) -> Flow:
        item, scope, current, name = use
        assert item.body is not None
        inner = scope.inner(name=name) if name else scope
        self._sharer.share_block(item, scope, inner)
        last = walk(item.body.items, inner, current)
        if name:
            self._building.give(scope.prefix + name, last[-1], item.span)
        return last

    def _place_block(self, block: Block, use: ItemUse, walk: Walk) -> Flow | None:
        if block.is_broken:
            return None
        item, scope, current, own_name = use
        name = own_name or self._building.fresh(block.name, scope)
        given = self._given(block, item, scope, current[0])
        if given is None:
            return None
        inner = scope.instance(name, given, self._building.definitions.variables)
        self._sharer.share_block(item, scope, inner)
        key = self._instances.key(block.name, given, inner, current[0])
        self._building.work.spend("evaluated", len(key[1]), item)
        last = self._copied(key, inner, current[0], item.span)
        if last is None:
            if not default_values(block, given, self._building.values(inner, current[0]), self._building.report):
                return None
            inner.values.update(given)
            start = self._instances.begin()
            last = walk(block.layers.items, inner, current)
            self._instances.end(start, key, inner, current[0], last)
        self._building.give(scope.prefix + name, last[-1], item.span)
        return last

    def _given(self, block: Block, item: Item, scope: Scope, source: int) -> dict[str, object] | None:
        """The parameters that an item gives; None after reporting a mistake, or if they depend on an unknown shape."""
        try:
            return block_values(block, item, self._building.values(scope, source), self._building.report)
        except Unknowable:
            return None

    def _copied(self, key: InstanceKey, scope: Scope, source: int, span: Span) -> Flow | None:
        """The output of a copy of an instance that was built before, if there is one. Raises LimitReached."""
        known = self._instances.find(key)
        if known is None or scope.twin or self._building.depth > known.depth:
            return None
        work = self._building.work
        for what, amount in known.spent.items():
            work.allows(what, amount, span)
        last = self._instances.copy(known, scope, source)
        if last:
            for what, amount in known.spent.items():
                work.spend(what, amount, span)
        return last
