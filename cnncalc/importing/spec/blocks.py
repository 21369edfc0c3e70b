"""Repeated parts of a spec as blocks: the modules that the file states first, then runs of equal structure.

Each round makes one block of the run of items that saves the most lines, wherever it occurs, until none saves any.
Runs are compared by a number for each run of a length, which is made of the number of the run without its last item
and of that item; a run that occurs once is not made longer. So a round takes time in proportion to the items.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from cnncalc.importing.spec.block_names import Namer
from cnncalc.importing.spec.elements import Element, Reader, Use, WrittenBlock, joined, lists_in, weight
from cnncalc.importing.spec.parameters import Parametrized, parametrized
from cnncalc.importing.spec.tree import DraftItem
from cnncalc.layers.registry import find

LONGEST = 48
"""The number of items next to each other that a block may have; branches count as one."""
_TRIED = 12
"""The number of candidates that a round looks at closely."""
_MOST_ROUNDS = 60
_HEAD = 1
"""The lines of a block beside its items, if it has no parameters."""
_HEAD_OF_PARAMETERS = 3
_LEAST_LINES = 3
"""A block of fewer lines says less than its items."""
_LEAST = (1, 1, 6)
"""The lines to be saved by a block of items, of items and uses of other blocks, and of such uses alone."""


class ItemRun(NamedTuple):
    """A run of items: the list that holds it, and its first item and length."""

    items: list[Element]
    start: int
    length: int

    @property
    def elements(self) -> list[Element]:
        return self.items[self.start : self.start + self.length]


class Candidate(NamedTuple):
    """Equal runs, none of which overlap, and the lines that a block of them saves."""

    places: list[ItemRun]
    saved: int
    mixture: int


def find_blocks(items: list[Element], reader: Reader, namer: Namer) -> list[WrittenBlock]:
    """Put blocks in place of what repeats in a list of items and in all lists inside; the blocks in order of use."""
    blocks: list[WrittenBlock] = []
    for loose, search in ((False, _modules), (False, _runs), (True, _modules), (True, _runs)):
        reader.loose = loose
        for _ in range(_MOST_ROUNDS):
            numbers = _Numbers(items, reader)
            block = _best(search(numbers), reader, namer)
            if block is None:
                break
            blocks.append(block)
            for each in numbers.lists:
                each[:] = joined(each)
    return blocks


class _Numbers:
    """A number for each key of the elements in all lists."""

    def __init__(self, items: list[Element], reader: Reader) -> None:
        known: dict[Hashable, int] = {}
        self.lists = list(lists_in(items))
        self.keys = [[known.setdefault(reader.key(each), len(known)) for each in each_list] for each_list in self.lists]


def _modules(numbers: _Numbers) -> Iterator[Candidate]:
    """Modules of the file of equal structure, each a run of items that holds all of its layers."""
    sizes: dict[tuple[str, ...], int] = defaultdict(int)
    places: dict[tuple[str, ...], ItemRun] = {}
    for items in numbers.lists:
        for scope, start, length in _scoped(items):
            sizes[scope] += 1
            places[scope] = ItemRun(items, start, length)
    keys = {id(items): own for items, own in zip(numbers.lists, numbers.keys, strict=True)}
    equal: dict[tuple[int, ...], list[ItemRun]] = defaultdict(list)
    once = {(id(place.items), place.start, place.length): scope for scope, place in places.items()}
    for scope in once.values():  # of modules that hold the same layers, one
        place = places[scope]
        if sizes[scope] == 1 and _may_be_block(place):
            equal[tuple(keys[id(place.items)][place.start : place.start + place.length])].append(place)
    for alike in equal.values():
        yield from _candidate(alike)


def _scoped(items: list[Element]) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """The scopes that all layers of a run of items have in common: each scope with its longest runs."""
    scopes = [_scope(each) for each in items]
    open_scopes: list[int] = []
    before: tuple[str, ...] = ()
    for place, scope in enumerate([*scopes, ()]):
        common = 0
        while common < min(len(before), len(scope)) and before[common] == scope[common]:
            common += 1
        while len(open_scopes) > common:
            start = open_scopes.pop()
            yield before[: len(open_scopes) + 1], start, place - start
        open_scopes += [place] * (len(scope) - common)
        before = scope


def _scope(element: Element) -> tuple[str, ...]:
    """The modules that hold all layers of an element."""
    found: tuple[str, ...] | None = None
    for layer in element.layers():
        scope = layer.scope
        if found is None:
            found = scope
        common = 0
        while common < min(len(found), len(scope)) and found[common] == scope[common]:
            common += 1
        found = found[:common]
    return found or ()


def _runs(numbers: _Numbers) -> Iterator[Candidate]:
    """Runs of items that occur more than once, of every length."""
    runs = [(items, place) for items, keys in enumerate(numbers.keys) for place in range(len(keys))]
    current = {run: numbers.keys[run[0]][run[1]] for run in runs}
    for length in range(1, LONGEST + 1):
        groups: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for run, number in current.items():
            groups[number].append(run)
        repeated = {number: group for number, group in groups.items() if len(group) > 1}
        for group in repeated.values():
            places = [ItemRun(numbers.lists[items], start, length) for items, start in _apart(group, length)]
            yield from _candidate([place for place in places if _may_be_block(place)])
        made: dict[tuple[int, int], int] = {}
        current = {
            (items, start): made.setdefault((number, numbers.keys[items][start + length]), len(made))
            for number, group in repeated.items()
            for items, start in group
            if start + length < len(numbers.keys[items])
        }
        if not current:
            return


def _apart(runs: list[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    """The runs without those that overlap one before them."""
    end = (-1, 0)
    for items, start in runs:
        if items != end[0] or start >= end[1]:
            yield items, start
            end = (items, start + length)


def _may_be_block(place: ItemRun) -> bool:
    """Whether a run takes one input, gives one output, and nothing outside refers to a layer inside."""
    elements = place.elements
    if any(each.sources is not None for each in elements[1:]) or any(each.is_named for each in elements[:-1]):
        return False
    first, last = elements[0], elements[-1]
    if isinstance(last, DraftItem) and _splits(last):
        return False
    if isinstance(first, DraftItem) and _is_activation(first) and place.start > 0 and first.sources is None:
        return False  # it belongs to what is before it
    if first.sources and len(first.sources) > 1:
        return False
    return not any(layer.shares for each in elements for layer in each.layers())


def _splits(item: DraftItem) -> bool:
    found = find(item.layer.type)
    return found is not None and found[0].splits


def _is_activation(item: DraftItem) -> bool:
    """Whether an item is nothing but an activation."""
    found = find(item.layer.type)
    return found is not None and found[0].role == "activation"


def _candidate(places: list[ItemRun]) -> Iterator[Candidate]:
    """Equal runs, with about the lines that a block of them saves at most."""
    lines = sum(map(weight, places[0].elements)) if len(places) > 1 else 0
    saved = len(places) * lines - (lines + _HEAD + _rows(places))
    if saved > 0 and lines >= _LEAST_LINES:
        yield Candidate(places, saved, _mixture(places[0].elements))


def _mixture(elements: list[Element]) -> int:
    """Whether a run is made of items alone (0), of uses of blocks as well (1), or of these alone (2)."""
    uses = sum(isinstance(each, Use) for each in elements)
    return 0 if not uses else 1 if uses < len(elements) else 2


def _rows(places: list[ItemRun], values: list[dict[str, Any]] | None = None) -> int:
    """The lines that the uses take: neighbours with the same values are one."""
    rows, before = 0, None
    for number, place in enumerate(places):
        follows = before is not None and before.items is place.items and before.start + before.length == place.start
        same = follows and (values is None or values[number] == values[number - 1])
        rows += not same
        before = place
    return rows


def _best(candidates: Iterator[Candidate], reader: Reader, namer: Namer) -> WrittenBlock | None:
    """The block that saves the most lines, put in the place of every run; None where none saves any."""
    ordered = sorted(candidates, key=lambda each: (each.mixture, -each.saved, each.places[0].length))
    best: tuple[int, int] | None = None
    chosen: tuple[Candidate, Parametrized] | None = None
    for candidate in ordered[:_TRIED]:
        if best and (candidate.mixture, -candidate.saved) > best:
            break
        runs = [place.elements for place in candidate.places]
        entries = [reader.channels.get(next(iter(run[0].layers())).name) for run in runs]
        found = parametrized([[slot for each in run for slot in reader.slots(each)] for run in runs], entries)
        if found is None or _is_power([reader.key(each) for each in runs[0]]):
            continue
        saved = _saved(candidate, found)
        if saved >= _LEAST[candidate.mixture] and (best is None or (candidate.mixture, -saved) < best):
            best, chosen = (candidate.mixture, -saved), (candidate, found)
    return _made(*chosen, reader, namer) if chosen else None


def _inside(elements: list[Element]) -> list[Element]:
    """The items of a block: its uses say what goes into the first, and what the last is called."""
    first, *rest = elements
    inner: list[Element] = [replace(first, sources=None), *rest]
    return [*inner[:-1], replace(inner[-1], is_named=False)]


def _saved(candidate: Candidate, found: Parametrized) -> int:
    lines = sum(map(weight, candidate.places[0].elements))
    head = _HEAD_OF_PARAMETERS if found.parameters else _HEAD
    return len(candidate.places) * lines - (lines + head + _rows(candidate.places, found.values))


def _is_power(keys: list[Hashable]) -> bool:
    """Whether a run is a shorter one several times."""
    count = len(keys)
    return any(count % period == 0 and keys[period:] == keys[:-period] for period in range(1, count // 2 + 1))


def _made(candidate: Candidate, found: Parametrized, reader: Reader, namer: Namer) -> WrittenBlock:
    """The block, with a use of it in the place of every run."""
    runs = [place.elements for place in candidate.places]
    block = WrittenBlock(namer.name(runs), found.parameters, _inside(runs[0]), found.texts, reader.loose)
    for place, values in sorted(zip(candidate.places, found.values, strict=True), key=lambda each: -each[0].start):
        elements = place.elements
        members = [layer for each in elements for layer in each.layers()]
        first, last = elements[0], elements[-1]
        use = Use(block, values, first.sources, last.is_named, last.result, members)
        place.items[place.start : place.start + place.length] = [use]
    return block
