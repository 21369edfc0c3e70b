"""Walking a spec's items in document order: each becomes nodes, and its shape is known before the next is read.

A layer that cannot be built still takes its place in the graph, with an unknown shape: what follows it is read for
mistakes of its own, but its shape rules stay silent, so one mistake is reported once.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping

from cnncalc.arithmetic.convention import Setting
from cnncalc.diagnostics import Diagnostic, Span
from cnncalc.graph import type_lookup
from cnncalc.graph.blocks import Block, block_values, default_values
from cnncalc.graph.choosing import chosen
from cnncalc.graph.instances import Instance, Instances, Key
from cnncalc.graph.items import Item
from cnncalc.graph.memo import BuildCache, Mistakes, SpecMemo
from cnncalc.graph.model import Claim, Flow
from cnncalc.graph.model import Node as GraphNode
from cnncalc.graph.names import Names, written_name
from cnncalc.graph.placing import Placer
from cnncalc.graph.read_claims import ClaimSubject, read_claims
from cnncalc.graph.scope import Scope
from cnncalc.graph.values import Unknowable, Values, WrongValue, boolean, frozen, integer
from cnncalc.graph.work import COPIED, LimitReached, Work
from cnncalc.layers.base import Layer
from cnncalc.reading.nodes import Scalar, Sequence, SpecNode

_FAILING_TURNS = 10
"""After so many turns of a repeat with mistakes the rest is not built: it would say the same."""
_VALUES_LIKE_A_CHARACTER = 8
"""So many values in sight are handed on in about the time that a character of an expression takes."""
_MOST_MISTAKES = 500
"""After so many, the same ones among them, nothing more is built."""


class Builder:
    """Builds items into `placer.nodes`; mistakes gather in `diagnostics`, assertions in `claims`."""

    def __init__(
        self, setting: Setting, work: Work, blocks: dict[str, Block], variables: AnyMapping[str, object],
        diagnostics: list[Diagnostic], memo: SpecMemo, cache: BuildCache,
    ) -> None:  # fmt: skip
        self.work = work
        self.limits = work.limits
        self.blocks = blocks
        self.blocks_lost = False
        """Whether `blocks` could not be read: an unknown word may be one of them."""
        self.variables = variables
        self.diagnostics = diagnostics
        self.report = diagnostics.append
        self.names = Names(work)
        self.placer = Placer(setting, work, self.names, self.report, memo, cache)
        self.claims: list[Claim] = []
        self.instances = Instances(self.placer.nodes, self.names)
        self._depth = 0
        self._memo = memo
        self._reported: set[SpecNode] = set()
        """The nodes whose mistakes this build has reported."""

    def begin(self, inputs: list[GraphNode]) -> None:
        """Take the model's inputs, which come before every layer."""
        self.placer.nodes.extend(inputs)
        for index, node in enumerate(inputs):
            self.names.give(node.name, index, node.span)

    def walk(self, items: list[SpecNode], scope: Scope, current: Flow) -> Flow:
        """Build a list of items one after the other, from `current` on; what flows on from the last."""
        if self._depth > self.limits.nesting:
            self.report(self.limits.exceeded("nesting", self._depth, items[0].span if items else None))
            raise LimitReached
        self._depth += 1
        for node in items:
            if not isinstance(node, Scalar):
                current = self.visit(node, scope, current)
                continue
            parts, mistakes = self._memo.parts(node)
            for part in parts:
                current = self.visit(part, scope, current)
            if mistakes:  # some of its layers are missing
                self.report_once(node, mistakes)
                current = self.placer.broken(node, scope)
        self._depth -= 1
        return current

    def report_once(self, node: SpecNode, mistakes: Mistakes) -> None:
        """Report the mistakes in a node's text, when this build meets it for the first time."""
        if mistakes and node not in self._reported:
            self._reported.add(node)
            self.diagnostics.extend(mistakes)

    def visit(self, node: SpecNode, scope: Scope, current: Flow) -> Flow:
        """Build one item, as often as it repeats; what flows on from it."""
        self.work.spend("turns", 1, node)
        if len(self.diagnostics) > _MOST_MISTAKES:
            raise LimitReached
        item, mistakes = self._memo.item(node)
        if mistakes:
            self.report_once(node, mistakes)
        if item is None:
            return self.placer.broken(node, scope)
        if not item.common:
            return self.place(item, scope, current, None)
        first = len(self.placer.nodes)
        try:
            last = self.visit_repeated(item, scope, current)
        except WrongValue as mistake:
            self.report(mistake.diagnostic)
            return self.broken(item, scope)
        except Unknowable:
            return self.broken(item, scope)
        self.claim(item, scope, first, last[-1])
        return last

    def broken(self, item: Item, scope: Scope) -> Flow:
        """What flows on from an item that could not be built: nothing that is known."""
        head = item.head
        found = type_lookup.find(head.text) if head and head.text not in self.blocks else None
        kind = found[0].type if found else head.text if head and head.text in self.blocks else None
        return self.placer.broken(item.node, scope, kind)

    def visit_repeated(self, item: Item, scope: Scope, current: Flow) -> Flow:
        """Build an item with `when`, `repeat`, `from` and `name`. Raises WrongValue and Unknowable."""
        common = item.common
        if "when" in common and not boolean(self.before(item, scope, current), common["when"], "when"):
            return current
        sources = self.sources(item, scope, current)
        values = self.placer.values(scope, sources[0])
        name = written_name(common["name"], values) if "name" in common else None
        if "trainable" in common:
            scope = frozen(scope, values, common["trainable"])
        if "repeat" not in common:
            return self.place(item, scope, sources, name)
        count = integer(values, common["repeat"], "repeat")
        is_layer = item.head is not None and item.head.text not in self.blocks
        self.work.allows("layers" if is_layer else "turns", count, common["repeat"])
        return self.repeat(item, scope, sources, name, count)

    def sources(self, item: Item, scope: Scope, current: Flow) -> Flow:
        """What flows into an item. Raises WrongValue where `from` names nothing."""
        return self.names.find_all(item.common["from"], scope) if "from" in item.common else current

    def before(self, item: Item, scope: Scope, current: Flow) -> Values:
        """Reads values before it is known whether an item stands: `from` is looked up only for `in.channels`."""
        return Values(scope, lambda name: self.placer.incoming(name, self.sources(item, scope, current)[0]), self.work)

    def repeat(self, item: Item, scope: Scope, sources: Flow, name: str | None, count: int) -> Flow:
        """Build an item `count` times in a row, each turn with its own `${i}`; a name becomes `name.0`, `name.1` …"""
        inner = scope.inner(name=name) if name else scope
        failing = 0
        for index in range(count):
            self.work.spend("evaluated", len(inner.values) // _VALUES_LIKE_A_CHARACTER, item)
            turn = inner.inner(values={"i": index})
            before = len(self.diagnostics)
            sources = self.place(item, turn, sources, str(index) if name else None)
            failing += len(self.diagnostics) > before
            if failing == _FAILING_TURNS:
                sources = self.broken(item, scope)
                break
        if name and count:
            self.placer.give(scope.prefix + name, sources[-1], item.span)
        return sources

    def place(self, item: Item, scope: Scope, sources: Flow, name: str | None) -> Flow:
        """Build one turn of an item under a name (None: unnamed)."""
        self.work.spend("turns", 1, item)
        if len(self.diagnostics) > _MOST_MISTAKES:
            raise LimitReached
        head = item.head
        if (head is None or head.text in self.blocks) and len(sources) > 1:
            self.report(self.several(item, sources))
            return self.broken(item, scope)
        if head is None:
            return self.place_group(item, scope, sources, name)
        if head.text in self.blocks:
            return self.place_block(self.blocks[head.text], item, scope, sources, name)
        found = type_lookup.find(head.text)
        if found is None:
            if not self.blocks_lost:
                self.report(self.unknown_type(head, scope))
            return self.broken(item, scope)
        if found[0].choice is not None and item.arguments:
            try:
                found, item = chosen(found, item, self.placer.values(scope, sources[0]))
            except WrongValue as mistake:
                self.report(mistake.diagnostic)
                return self.broken(item, scope)
        if item.body is not None and found[0].branching:
            branched = self.branches(item, item.body, found[0], scope, sources)
            if branched is None:
                return self.broken(item, scope)
            sources = branched
        return self.placer.place(item, found, scope, sources, name)

    def unknown_type(self, head: Scalar, scope: Scope) -> Diagnostic:
        diagnostic = type_lookup.unknown_type(head, self.blocks)
        if any(self.names.taken(full) for full in scope.candidates(head.text)):
            diagnostic.hint = f"it is the name of a layer: to take its output, write from: {head.text}"
        return diagnostic

    def place_group(self, item: Item, scope: Scope, current: Flow, name: str | None) -> Flow:
        assert item.body is not None
        inner = scope.inner(name=name) if name else scope
        self.share_block(item, scope, inner)
        last = self.walk(item.body.items, inner, current)
        if name:
            self.placer.give(scope.prefix + name, last[-1], item.span)
        return last

    def place_block(self, block: Block, item: Item, scope: Scope, current: Flow, name: str | None) -> Flow:
        if block.is_broken:
            return self.broken(item, scope)
        name = name or self.placer.fresh(block.name, scope)
        try:
            given = block_values(block, item, self.placer.values(scope, current[0]), self.report)
        except Unknowable:
            given = None
        if given is None:
            return self.broken(item, scope)
        inner = scope.instance(name, given, self.variables)
        self.share_block(item, scope, inner)
        key = self.instances.key(block.name, given, inner, current[0])
        self.work.spend("evaluated", len(key[1]), item)
        last = self.copied(key, inner, current[0], item.span) or self.instance(key, block, given, inner, current[0])
        if last is None:
            return self.broken(item, scope)
        self.placer.give(scope.prefix + name, last[-1], item.span)
        return last

    def copied(self, key: Key, scope: Scope, source: int, span: Span) -> Flow | None:
        """What flows from a copy of an instance that was built before, if there is one. Raises LimitReached."""
        known = self.instances.find(key)
        if known is None or scope.twin or self._depth > known.depth:
            return None
        for what, amount in known.spent.items():
            self.work.allows(what, amount, span)
        last = self.instances.copy(known, scope, source)
        if last:
            for what, amount in known.spent.items():
                self.work.spend(what, amount, span)
        return last

    def instance(self, key: Key, block: Block, given: dict[str, object], scope: Scope, source: int) -> Flow | None:
        """What flows from a block, which is built, and kept for those like it if nothing is told of it."""
        if not default_values(block, given, self.placer.values(scope, source), self.report):
            return None
        scope.values.update(given)
        told, spent = len(self.diagnostics) + len(self.claims), dict(self.work.spent)
        first, names, reached = len(self.placer.nodes), self.names.count(), self.names.reached
        self.names.reached = first
        last = self.walk(block.layers.items, scope, (source,))
        if len(self.diagnostics) + len(self.claims) == told and self.names.reached == first:
            nodes, given_names = range(first, len(self.placer.nodes)), range(names, self.names.count())
            own = {what: self.work.spent[what] - spent[what] for what in COPIED}
            self.instances.note(key, Instance(scope, source, nodes, last, given_names, own, self._depth))
        self.names.reached = min(reached, self.names.reached)
        return last

    def share_block(self, item: Item, scope: Scope, inner: Scope) -> None:
        """Let the layers of a block, or of a named group, use the weights of another's layers of the same names."""
        if "share_weights" not in item.common:
            return
        written = item.common["share_weights"]
        if inner.prefix == scope.prefix:
            hint = "give it a name, whose layers are then matched by theirs"
            self.report(Diagnostic("E204", "share_weights: this group has no name", written.span, hint=hint))
            return
        try:
            inner.twin = (inner.prefix, f"{self.names.find_full(written, scope)[0]}.", written.span)
        except WrongValue as mistake:
            self.report(mistake.diagnostic)
        except Unknowable:
            return

    def branches(self, item: Item, body: Sequence, kind: type[Layer], scope: Scope, sources: Flow) -> Flow | None:
        """The ends of a merge's branches, which all begin at one node, or each at its own; None after a mistake."""
        count = len(body.items)
        if not count:
            hint = f"write branches, {kind.type}: [[…], […]]"
            self.report(Diagnostic("E307", f"{kind.type} has no branches", item.span, hint=hint))
            return None
        if len(sources) not in (1, count):
            message = f"{len(sources)} inputs for {count} branches"
            hint = "one input goes to all branches; several go to one branch each"
            self.report(Diagnostic("E307", f"{kind.type}: {message}", item.span, hint=hint))
            return None
        begins = sources * count if len(sources) == 1 else sources
        ends = [self.branch(branch, scope, (begin,)) for branch, begin in zip(body.items, begins, strict=True)]
        return tuple([source for end in ends for source in end])

    def several(self, item: Item, sources: Flow) -> Diagnostic:
        names = ", ".join(self.placer.nodes[index].name for index in sources)
        what = f"block {item.head.text}" if item.head else "a group"
        hint = "name one of them with `from`, or merge them first"
        return Diagnostic("E307", f"{what} takes one input, got {len(sources)}: {names}", item.span, hint=hint)

    def branch(self, branch: SpecNode, scope: Scope, current: Flow) -> Flow:
        """One branch of a merge: a list of items, one item, or nothing (the identity)."""
        if isinstance(branch, Sequence):
            return self.walk(branch.items, scope, current)
        if isinstance(branch, Scalar) and branch.plain and branch.text in ("", "~", "null"):
            return current
        return self.walk([branch], scope, current)

    def claim(self, item: Item, scope: Scope, first: int, last: int) -> None:
        """Note what an item expects of itself."""
        nodes = self.placer.nodes
        for kind in ("expect", "budget"):
            if kind in item.common and len(nodes) > first:
                subject = ClaimSubject(self.told(item, scope, first, last), first, len(nodes))
                values = self.placer.values(scope, last)
                self.claims.extend(read_claims(kind, item.common[kind], subject, values, self.report))

    def told(self, item: Item, scope: Scope, first: int, last: int) -> str:
        """What the layers of an item are called together: by their block, or as `conv_1 to conv_3`."""
        names = [self.placer.nodes[index].name for index in (first, last)]
        is_layer = item.head is not None and item.head.text not in self.blocks
        if is_layer and "repeat" not in item.common:
            return names[1]  # the branches of a merge are part of it
        begin, end = (scope.prefix + name.removeprefix(scope.prefix).partition(".")[0] for name in names)
        return begin if begin == end else f"{begin} to {end}"
