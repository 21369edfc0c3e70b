"""The layers of a draft as items of a spec: chains, and merges with their branches.

A merge whose branches begin at one place and meet nowhere else holds them as lists of items; every other connection
is written with `from`. One pass over the layers finds the branches: from each input of a merge it walks back over
layers that nothing else uses, and a layer is walked over once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from cnncalc.importing.draft import Draft, DraftLayer
from cnncalc.importing.spec.activations import folded
from cnncalc.importing.spec.item_text import Style
from cnncalc.layers.registry import find


@dataclass(eq=False)
class DraftItem:
    """A layer with the activation that it carries, the branches of a merge, and what it is called and takes."""

    layer: DraftLayer
    activation: DraftLayer | None = None
    branches: list[list[DraftItem]] | None = None
    sources: tuple[str, ...] | None = None
    """The names of the draft that `from` lists; None where the item takes what is before it."""
    is_named: bool = False
    """Whether another item refers to it, or it is an output."""
    is_output: bool = False
    shares: bool = False
    """Whether it uses another's weights, or another uses its."""

    @property
    def result(self) -> str:
        """The name of the output in the draft."""
        return (self.activation or self.layer).name

    def layers(self) -> Iterator[DraftLayer]:
        """The layers of the item in the order of the text."""
        for branch in self.branches or ():
            for item in branch:
                yield from item.layers()
        yield self.layer
        if self.activation:
            yield self.activation


class Tree(NamedTuple):
    """The items of a spec, and the names of the draft that its outputs have."""

    items: list[DraftItem]
    outputs: tuple[str, ...]


def tree_of(draft: Draft, style: Style) -> Tree:
    """The items of a draft."""
    return _Grower(draft, style).tree()


class _Grower:
    def __init__(self, draft: Draft, style: Style) -> None:
        self.draft = draft
        self.carried = folded(draft, style)
        self.absorbed: set[str] = set()
        """The results of items that are inside a branch."""
        self.previous: dict[str, str | None] = {}
        """The value that an item follows, by its result; None for one that takes nothing."""
        self.items: dict[str, DraftItem] = {}
        self.uses: Counter[str] = Counter(draft.outputs)
        alone = {layer.name for layer in self.carried.values()}
        self.layers = [layer for layer in draft.layers if layer.name not in alone]
        self.shared = {layer.shares for layer in self.layers if layer.shares}
        for layer in self.layers:
            self.uses.update(layer.inputs)
            if layer.shares:
                self.uses[layer.shares] += 1

    def tree(self) -> Tree:
        for layer in self.layers:
            item = DraftItem(layer, self.carried.get(layer.name))
            self.items[item.result] = item
            self.connect(item)
        top = [item for item in self.items.values() if item.result not in self.absorbed]
        self.refer(top)
        return Tree(top, self.draft.outputs)

    def connect(self, item: DraftItem) -> None:
        """Find out what an item follows, and which items are its branches."""
        inputs = item.layer.inputs
        if len(inputs) == 1:
            self.previous[item.result] = inputs[0]
        elif not inputs:
            self.previous[item.result] = None
        elif not self.branch(item):
            item.sources = inputs

    def branch(self, item: DraftItem) -> bool:
        """Make the chains that end in a merge its branches; False where they begin at several places, or meet."""
        kind = find(item.layer.type)
        if kind is None or not kind[0].branching:
            return False
        walked = [self.walk(name) for name in item.layer.inputs]
        begins = [begin for begin, _ in walked if begin is not None]
        if len(set(begins)) > 1 and not self.are_parts(begins, len(walked)):
            return False
        is_split = len(set(begins)) > 1
        item.branches = [chain for _, chain in walked]
        self.absorbed.update(each.result for chain in item.branches for each in chain)
        if is_split:
            whole = begins[0].rpartition(".")[0]
            self.previous[item.result] = whole
            self.uses[whole] += 1
        elif begins:
            self.previous[item.result] = begins[0]
            self.uses[begins[0]] -= len(begins) - 1
        else:
            self.previous[item.result] = None
        return True

    def walk(self, name: str) -> tuple[str | None, list[DraftItem]]:
        """The items of a chain that ends in a value, and the value that it begins with (None: with nothing)."""
        chain: list[DraftItem] = []
        while True:
            item = self.items.get(name)
            if item is None or self.uses[name] != 1 or item.sources is not None or self.is_shared(item):
                break
            chain.append(item)
            before = self.previous[name]
            if before is None:
                return None, chain[::-1]
            name = before
        return name, chain[::-1]

    def is_shared(self, item: DraftItem) -> bool:
        return item.layer.shares is not None or item.layer.name in self.shared

    def are_parts(self, begins: list[str], count: int) -> bool:
        """Whether values are all the outputs of one layer, in order, each used once, and nothing else uses these."""
        whole = begins[0].rpartition(".")[0]
        if len(begins) != count or whole not in self.items or begins != [f"{whole}.{part}" for part in range(count)]:
            return False
        parts = self.items[whole].layer.arguments.get("parts")
        is_whole = parts == count or (isinstance(parts, list | tuple) and len(parts) == count)
        return is_whole and all(self.uses[begin] == 1 for begin in begins)

    def refer(self, top: list[DraftItem]) -> None:
        """Let items name what they take where it is not before them, and mark what is referred to."""
        inputs = [each.name for each in self.draft.inputs]
        before = inputs[0] if len(inputs) == 1 else None
        referred: set[str] = set()
        for item in top:
            if item.sources is None:
                previous = self.previous[item.result]
                if previous is not None and previous != before:
                    item.sources = (previous,)
            referred.update(item.sources or ())
            before = item.result
        outputs = set(self.draft.outputs) if self.draft.outputs != (before,) else set()
        both = referred | outputs
        both |= {name.rpartition(".")[0] for name in both if name.rpartition(".")[2].isdecimal()}
        for item in top:
            item.shares = self.is_shared(item)
            item.is_output = item.result in outputs or item.layer.name in self.shared
            item.is_named = item.is_output or bool({item.result, item.layer.name} & both)
