"""Walking a spec's items in document order: each becomes nodes, and its shape is known before the next is read.

A layer that cannot be built still takes its place in the graph, with an unknown shape: what follows it is read for
mistakes of its own, but its shape rules stay silent, so one mistake is reported once.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping

from cnncalc.arithmetic.convention import Setting
from cnncalc.diagnostics import Diagnostic
from cnncalc.graph import kinds
from cnncalc.graph.blocks import Block, block_values, default_values
from cnncalc.graph.claims import Subject, read_claims
from cnncalc.graph.items import Item, same_text, take_apart
from cnncalc.graph.model import Claim
from cnncalc.graph.model import Node as GraphNode
from cnncalc.graph.names import Names, written_name
from cnncalc.graph.placing import Placer
from cnncalc.graph.scope import Scope
from cnncalc.graph.values import Mistake, Unknowable, boolean, integer
from cnncalc.layers.registry import is_canonical
from cnncalc.spec.inline import expand_item
from cnncalc.spec.limits import Limits
from cnncalc.spec.nodes import Node, Scalar, Sequence


class LimitReached(Exception):  # noqa: N818 - not an error of ours: it ends a spec that grew beyond its limits
    """Raised once a limit is exceeded and reported."""


class Builder:
    """Builds items into `placer.nodes`; mistakes gather in `diagnostics`, assertions in `claims`."""

    def __init__(
        self, setting: Setting, limits: Limits, blocks: dict[str, Block], variables: AnyMapping[str, object],
        diagnostics: list[Diagnostic],
    ) -> None:  # fmt: skip
        self.limits = limits
        self.blocks = blocks
        self.variables = variables
        self.diagnostics = diagnostics
        self.report = diagnostics.append
        self.names = Names(limits)
        self.placer = Placer(setting, limits, self.names, self.report)
        self.claims: list[Claim] = []
        self._visits = 0
        self._depth = 0
        self._items: dict[Node, Item | None] = {}
        self._texts: dict[str, Item] = {}
        self._expanded: dict[Node, list[Node]] = {}

    def begin(self, inputs: list[GraphNode]) -> None:
        """Take the model's inputs, which come before every layer."""
        self.placer.nodes.extend(inputs)
        for index, node in enumerate(inputs):
            self.names.give(node.name, index, node.span)

    def walk(self, items: list[Node], scope: Scope, current: int) -> int:
        """Build a list of items one after the other, from node `current` on; the index of the last node."""
        if self._depth > self.limits.nesting:
            self.report(self.limits.exceeded("nesting", self._depth, items[0].span if items else None))
            raise LimitReached
        self._depth += 1
        for node in items:
            for part in self.expand(node) if isinstance(node, Scalar) else (node,):
                current = self.visit(part, scope, current)
        self._depth -= 1
        return current

    def expand(self, node: Scalar) -> list[Node]:
        """The items of a text, which may hold a chain or a merge in parentheses."""
        expanded = self._expanded.get(node)
        if expanded is None:
            expanded, mistakes = expand_item(node, self.limits)
            self.diagnostics.extend(mistakes)
            self._expanded[node] = expanded
        return expanded

    def visit(self, node: Node, scope: Scope, current: int) -> int:
        """Build one item, as often as it repeats; the index of its last node."""
        item = self.item(node)
        if item is None:
            return self.placer.broken(node, scope)
        if not item.common:
            return self.place(item, scope, (current,), None)
        first = len(self.placer.nodes)
        try:
            last = self.visit_repeated(item, scope, current)
        except Mistake as mistake:
            self.report(mistake.diagnostic)
            return self.placer.broken(node, scope)
        except Unknowable:
            return self.placer.broken(node, scope)
        self.claim(item, scope, first, last)
        return last

    def item(self, node: Node) -> Item | None:
        """What `node` holds, taken apart once; equal texts are taken apart but once, too."""
        if node in self._items:
            return self._items[node]
        item = None
        if isinstance(node, Scalar):
            first = self._texts.get(node.text)
            item = same_text(first, node) if first else None
        if item is None:
            item = take_apart(node, self.is_head, self.report)
            if item is not None and isinstance(node, Scalar):
                self._texts.setdefault(node.text, item)
        self._items[node] = item
        return item

    def is_head(self, word: str) -> bool:
        return word in self.blocks or is_canonical(word)

    def visit_repeated(self, item: Item, scope: Scope, current: int) -> int:
        """Build an item with `when`, `repeat`, `from` and `name`. Raises Mistake and Unknowable."""
        common = item.common
        sources = self.names.find_all(common["from"], scope) if "from" in common else (current,)
        values = self.placer.values(scope, sources[0])
        if "when" in common and not boolean(values, common["when"], "when"):
            return current
        name = written_name(common["name"], values) if "name" in common else None
        if "trainable" in common:
            scope = scope.inner()
            scope.trainable = boolean(values, common["trainable"], "trainable") and scope.trainable
        if "repeat" not in common:
            return self.place(item, scope, sources, name)
        count = integer(values, common["repeat"], "repeat")
        return self.repeat(item, scope, sources, name, count)

    def repeat(self, item: Item, scope: Scope, sources: tuple[int, ...], name: str | None, count: int) -> int:
        """Build an item `count` times in a row, each turn with its own `${i}`; a name becomes `name.0`, `name.1` …"""
        inner = scope.inner(name=name) if name else scope
        for index in range(count):
            turn = inner.inner(values={"i": index})
            sources = (self.place(item, turn, sources, str(index) if name else None),)
        if name and count:
            self.placer.give(scope.prefix + name, sources[0], item)
        return sources[0]

    def place(self, item: Item, scope: Scope, sources: tuple[int, ...], name: str | None) -> int:
        """Build one turn of an item under a name (None: unnamed)."""
        self._visits += 1
        if self._visits > self.limits.layers:
            self.report(self.limits.exceeded("layers", self._visits, item.span))
            raise LimitReached
        head = item.head
        if head is None:
            return self.place_group(item, scope, sources[0], name)
        if head.text in self.blocks:
            return self.place_block(self.blocks[head.text], item, scope, sources[0], name)
        found = kinds.find(head.text)
        if found is None:
            self.report(self.unknown_type(head, scope))
            return self.placer.broken(item.node, scope)
        if item.body is not None and found[0].branching:
            sources = tuple([self.branch(branch, scope, sources[0]) for branch in item.body.items])
            if not sources:
                hint = f"write branches, {found[0].type}: [[…], […]]"
                self.report(Diagnostic("E307", f"{found[0].type} has no branches", item.span, hint=hint))
                return self.placer.broken(item.node, scope)
        return self.placer.place(item, found, scope, sources, name)

    def unknown_type(self, head: Scalar, scope: Scope) -> Diagnostic:
        diagnostic = kinds.unknown_type(head, self.blocks)
        if any(self.names.taken(full) for full in scope.candidates(head.text)):
            diagnostic.hint = f"it is the name of a layer: to take its output, write from: {head.text}"
        return diagnostic

    def place_group(self, item: Item, scope: Scope, current: int, name: str | None) -> int:
        assert item.body is not None
        inner = scope.inner(name=name) if name else scope
        last = self.walk(item.body.items, inner, current)
        if name:
            self.placer.give(scope.prefix + name, last, item)
        return last

    def place_block(self, block: Block, item: Item, scope: Scope, current: int, name: str | None) -> int:
        name = name or self.placer.fresh(block.name, scope)
        try:
            given = block_values(block, item, self.placer.values(scope, current), self.report)
        except Unknowable:
            given = None
        if given is None:
            return self.placer.broken(item.node, scope)
        inner = scope.instance(name, given, self.variables)
        if not default_values(block, given, self.placer.values(inner, current), self.report):
            return self.placer.broken(item.node, scope)
        inner.values.update(given)
        last = self.walk(block.layers.items, inner, current)
        self.placer.give(scope.prefix + name, last, item)
        return last

    def branch(self, branch: Node, scope: Scope, current: int) -> int:
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
                subject = Subject(nodes[last].name, first, len(nodes))
                values = self.placer.values(scope, last)
                self.claims.extend(read_claims(kind, item.common[kind], subject, values, self.report))
