"""Runs of items whose weights later runs use, such as the heads of a detector: one block, and uses that share them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from cnncalc.importing.spec.block_names import Namer
from cnncalc.importing.spec.elements import Element, Reader, Use, WrittenBlock, unwrapped
from cnncalc.importing.spec.runs import LONGEST
from cnncalc.importing.spec.tree import DraftItem
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import find

_LEAST_SAVED = 3


def shared_blocks(items: list[Element], reader: Reader, namer: Namer) -> list[WrittenBlock]:
    """Put blocks in place of the runs of a list that share weights; the blocks."""
    blocks = []
    while (found := _best(_References(items), reader)) is not None:
        blocks.append(_made(items, found, reader, namer))
    return blocks


class _SharedRun:
    """A run that owns weights, and the beginnings of those that use them."""

    def __init__(self, start: int, length: int, others: list[int]) -> None:
        self.start = start
        self.length = length
        self.others = others

    @property
    def saved(self) -> int:
        return len(self.others) * (self.length - 1) - 2


class _References:
    """A list of items: the place of each, what each refers to, and what shares its weights."""

    def __init__(self, items: list[Element]) -> None:
        self.items = items
        self.places: dict[str, int] = {}
        for place, each in enumerate(items):
            self.places[each.result] = place
            if isinstance(each, DraftItem):
                self.places[each.layer.name] = place
        self.owners: dict[int, int] = {}
        """The place of the owner of the weights that the item at a place uses."""
        self.sharers: dict[int, list[int]] = defaultdict(list)
        for place, each in enumerate(items):
            if isinstance(each, DraftItem) and each.layer.shares in self.places:
                owner = self.places[each.layer.shares]
                self.owners[place] = owner
                self.sharers[owner].append(place)
        self.ahead = [0] * len(items)
        """The last place that refers to the value of the item at a place."""
        for place, each in enumerate(items):
            for source in self.sources(place):
                self.ahead[source] = place
            if each.is_output and not (isinstance(each, DraftItem) and place in self.sharers):
                self.ahead[place] = len(items)

    def sources(self, place: int) -> Iterator[int]:
        """The places of the items that an item takes, without those outside of the list."""
        sources = self.items[place].sources
        if sources is None:
            yield from [place - 1] if place else []
            return
        for name in sources:
            owner = self.places.get(name, self.places.get(name.rpartition(".")[0]))
            if owner is not None:
                yield owner

    def fits(self, start: int, length: int) -> bool:
        """Whether a run takes one value, and gives its last one alone."""
        end = start + length
        first = self.items[start].sources
        inside = all(source >= start for place in range(start + 1, end) for source in self.sources(place))
        return (first is None or len(first) == 1) and inside and all(
            self.ahead[place] < end for place in range(start, end - 1)
        )  # fmt: skip

    def offsets(self, place: int) -> tuple[int, ...]:
        return tuple(place - source for source in self.sources(place))


def _best(found: _References, reader: Reader) -> _SharedRun | None:
    """The run of which the most lines are saved."""
    runs = [run for start in sorted(found.sharers) for run in _runs(found, start, reader)]
    best = max(runs, key=lambda run: run.saved, default=None)
    return best if best is not None and best.saved >= _LEAST_SAVED else None


def _runs(found: _References, start: int, reader: Reader) -> Iterator[_SharedRun]:
    """The runs that begin at a place, of every length, with those that share all their weights.

    Whatever shares with the run is in one of these, since nothing else can refer to a layer inside of a block.
    """
    if start in found.owners:
        return
    others = list(found.sharers[start])
    count = len(others)
    for length in range(1, min(LONGEST, len(found.items) - start) + 1):
        last = start + length - 1
        others = [other for other in others if _is_alike(found, last, other + length - 1, length > 1, reader)]
        if len(others) != count or (last in found.sharers and len(found.sharers[last]) != count):
            return
        if found.fits(start, length) and all(found.fits(other, length) for other in others) and others[0] > last:
            yield _SharedRun(start, length, others)


def _is_alike(found: _References, mine: int, theirs: int, is_inside: bool, reader: Reader) -> bool:
    """Whether an item is another one again: with its weights, or without weights and with its fields."""
    if theirs >= len(found.items):
        return False
    one, other = found.items[mine], found.items[theirs]
    if not isinstance(one, DraftItem) or not isinstance(other, DraftItem) or one.branches or other.branches:
        return False
    if mine in found.owners or found.owners.get(theirs, mine) != mine or (theirs in found.sharers):
        return False
    if (mine in found.sharers) != (theirs in found.owners) or (mine not in found.sharers and _has_weights(one)):
        return False
    if is_inside and found.offsets(mine) != found.offsets(theirs):
        return False
    same = one.layer.type == other.layer.type and reader.fields(one.layer) == reader.fields(other.layer)
    return same and (one.activation is None) == (other.activation is None) and (
        one.activation is None or other.activation is None or one.activation.type == other.activation.type
    )  # fmt: skip


def _has_weights(item: DraftItem) -> bool:
    """Whether a layer of the item's types may have weights."""
    layers = (item.layer, item.activation) if item.activation else (item.layer,)
    found = [find(kind) for layer in layers for kind in unwrapped(layer)[0]]
    return any(each is None or each[0].weights is not Layer.weights for each in found)


def _made(items: list[Element], run: _SharedRun, reader: Reader, namer: Namer) -> WrittenBlock:
    """The block, with a use of it in the place of every run."""
    inside = items[run.start : run.start + run.length]
    referred = {name for each in inside[1:] for name in each.sources or ()}
    referred |= {name.rpartition(".")[0] for name in referred if name.rpartition(".")[2].isdecimal()}
    body: list[Element] = []
    for place, each in enumerate(inside):
        assert isinstance(each, DraftItem)
        named = bool({each.result, each.layer.name} & referred) and place < run.length - 1
        sources = each.sources if place else None
        body.append(replace(each, sources=sources, is_named=named, is_output=False, shares=False))
    texts = [slot.value for each in body for slot in reader.slots(each)]
    block = WrittenBlock(namer.name([body], "head"), [], body, texts, reader.loose)
    owner = inside[-1].result
    for start in sorted((run.start, *run.others), reverse=True):
        part = items[start : start + run.length]
        members = [layer for each in part for layer in each.layers()]
        last, shares = part[-1], None if start == run.start else owner
        items[start : start + run.length] = [
            Use(block, {}, part[0].sources, last.is_named or shares is None, last.is_output and start != run.start,
                last.result, members, shares=shares, is_shared=True)
        ]  # fmt: skip
    return block
