"""Walking a spec's items in document order: each becomes nodes, and its shape is known before the next is read.

A layer that cannot be built still takes its place in the graph, with an unknown shape: what follows it is read for
mistakes of its own, but its shape rules stay silent, so one mistake is reported once.
"""

from __future__ import annotations

from cnncalc.diagnostics import Diagnostic
from cnncalc.graph import type_lookup
from cnncalc.graph.block_uses import BlockUses
from cnncalc.graph.branches import branch_ends
from cnncalc.graph.building import Building, ItemUse
from cnncalc.graph.choosing import chosen
from cnncalc.graph.claiming import claim
from cnncalc.graph.items import Item
from cnncalc.graph.model import Flow
from cnncalc.graph.names import written_name
from cnncalc.graph.placing import Placer
from cnncalc.graph.scope import Scope
from cnncalc.graph.sharing import Sharer
from cnncalc.graph.values import Unknowable, Values, WrongValue, boolean, frozen, integer
from cnncalc.graph.work import LimitReached
from cnncalc.reading.nodes import Scalar, SpecNode, Words

_FAILING_TURNS = 10
"""After so many turns of a repeat with mistakes the rest is not built: it would report the same."""
_VALUES_LIKE_A_CHARACTER = 8
"""So many values in sight are handed on in about the time that a character of an expression takes."""


class Builder:
    """Builds items into the nodes of a `building`."""

    def __init__(self, building: Building) -> None:
        self.building = building
        self._blocks = building.blocks
        self._work = building.work
        self._report = building.report
        sharer = Sharer(building)
        self._placer = Placer(building, sharer)
        self._block_uses = BlockUses(building, sharer)

    def walk(self, items: list[SpecNode], scope: Scope, current: Flow) -> Flow:
        """Build a list of items one after the other, from `current` on; what flows on from the last."""
        building = self.building
        if building.depth > self._work.limits.nesting:
            self._report(self._work.limits.exceeded("nesting", building.depth, items[0].span if items else None))
            raise LimitReached
        building.depth += 1
        for node in items:
            if isinstance(node, Words) or not isinstance(node, Scalar):
                current = self._visit(node, scope, current)
                continue
            parts, mistakes = building.memo.parts(node)
            for part in parts:
                current = self._visit(part, scope, current)
            if mistakes:  # some of its layers are missing
                building.report_once(node, mistakes)
                current = building.broken(node, scope)
        building.depth -= 1
        return current

    def _visit(self, node: SpecNode, scope: Scope, current: Flow) -> Flow:
        """Build one item, as often as it repeats; what flows on from it."""
        self._work.spend("turns", 1, node)
        self.building.check_mistakes()
        item, mistakes = self.building.memo.item(node)
        if mistakes:
            self.building.report_once(node, mistakes)
        if item is None:
            return self.building.broken(node, scope)
        if not item.common:
            return self._place(ItemUse(item, scope, current, None))
        first = len(self.building.nodes)
        try:
            last = self._visit_with_keys(item, scope, current)
        except WrongValue as mistake:
            self._report(mistake.diagnostic)
            return self._broken(item, scope)
        except Unknowable:
            return self._broken(item, scope)
        if "expect" in item.common or "budget" in item.common:
            claim(self.building, item, scope, first, last[-1])
        return last

    def _broken(self, item: Item, scope: Scope) -> Flow:
        """The node of unknown shape for an item that could not be built."""
        head = item.head
        if head is None:
            kind = None
        elif head.text in self._blocks:
            kind = head.text
        else:
            found = type_lookup.find(head.text)
            kind = found[0].type if found else None
        return self.building.broken(item.node, scope, kind)

    def _visit_with_keys(self, item: Item, scope: Scope, current: Flow) -> Flow:
        """Build an item with `when`, `repeat`, `from` and `name`. Raises WrongValue and Unknowable."""
        common = item.common
        if "when" in common and not boolean(self._before(item, scope, current), common["when"], "when"):
            return current
        sources = self._sources(item, scope, current)
        values = self.building.values(scope, sources[0])
        name = written_name(common["name"], values) if "name" in common else None
        if "trainable" in common:
            scope = frozen(scope, values, common["trainable"])
        use = ItemUse(item, scope, sources, name)
        if "repeat" not in common:
            return self._place(use)
        count = integer(values, common["repeat"], "repeat")
        is_layer = item.head is not None and item.head.text not in self._blocks
        self._work.allows("layers" if is_layer else "turns", count, common["repeat"])
        return self._repeat(use, count)

    def _sources(self, item: Item, scope: Scope, current: Flow) -> Flow:
        """The inputs of an item. Raises WrongValue where `from` names nothing."""
        return self.building.names.find_all(item.common["from"], scope) if "from" in item.common else current

    def _before(self, item: Item, scope: Scope, current: Flow) -> Values:
        """Reads values before `when` has decided about an item: `from` is looked up only for `in.channels`."""

        def incoming(name: str) -> object:
            return self.building.incoming(name, self._sources(item, scope, current)[0])

        return Values(scope, incoming, self._work)

    def _repeat(self, use: ItemUse, count: int) -> Flow:
        """Build an item `count` times in a row, each turn with its own `${i}`; a name becomes `name.0`, `name.1` …"""
        item, scope, sources, name = use
        inner = scope.inner(name=name) if name else scope
        failing = 0
        for index in range(count):
            self._work.spend("evaluated", len(inner.values) // _VALUES_LIKE_A_CHARACTER, item)
            self.building.check_mistakes()
            turn = inner.inner(values={"i": index})
            before = len(self.building.diagnostics)
            sources = self._place(ItemUse(item, turn, sources, str(index) if name else None))
            failing += len(self.building.diagnostics) > before
            if failing == _FAILING_TURNS:
                sources = self._broken(item, scope)
                break
        if name and count:
            self.building.give(scope.prefix + name, sources[-1], item.span)
        return sources

    def _place(self, use: ItemUse) -> Flow:
        """Build one use of an item: a group, a block, or a layer."""
        item, scope = use.item, use.scope
        self._work.spend("turns", 1, item)
        if item.head is None or item.head.text in self._blocks:
            last = self._block_uses.place(use, self.walk)
        else:
            last = self._place_layer(use, item.head)
        return last or self._broken(item, scope)

    def _place_layer(self, use: ItemUse, head: Scalar) -> Flow | None:
        """Build a layer, and a merge's branches before it; None where that is impossible."""
        found = type_lookup.find(head.text)
        if found is None:
            if self.building.definitions.are_complete:
                self._report(self._unknown_type(head, use.scope))
            return None
        if found[0].choice is not None and use.item.arguments:
            try:
                found, item = chosen(found, use.item, self.building.values(use.scope, use.sources[0]))
            except WrongValue as mistake:
                self._report(mistake.diagnostic)
                return None
            use = use._replace(item=item)
        if use.item.body is not None and found[0].branching:
            ends = branch_ends(use, use.item.body, found[0], self.walk, self._report)
            if ends is None:
                return None
            use = use._replace(sources=ends)
        return self._placer.place(use, found)

    def _unknown_type(self, head: Scalar, scope: Scope) -> Diagnostic:
        diagnostic = type_lookup.unknown_type(head, self._blocks)
        if any(self.building.names.taken(full) for full in scope.candidates(head.text)):
            diagnostic.hint = f"it is the name of a layer: to take its output, write from: {head.text}"
        return diagnostic
