"""Runs of items that repeat: the modules that a file states, and runs of equal structure.

A run may become a block if one value flows in, only its last item is used outside, and every other reference inside of
it is to one of its own items. Two runs are equal if their items are, and if their references lie as far back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from typing import NamedTuple

from cnncalc.importing.spec.elements import Element, Reader, lists_in
from cnncalc.importing.spec.tree import DraftItem
from cnncalc.layers.registry import find

LONGEST = 48
"""The number of items next to each other that a block may have; branches count as one."""


class ItemRun(NamedTuple):
    """A run of items: the list that holds it, and its first item and length."""

    items: list[Element]
    start: int
    length: int

    @property
    def elements(self) -> list[Element]:
        return self.items[self.start : self.start + self.length]


class NumberedList:
    """A list of elements with a number for each: for one that begins a run, and for one inside (`inner`).

    `back` is the first place that an element refers to, or its own; `ahead` the last that refers to it.
    """

    def __init__(self, items: list[Element], reader: Reader, known: dict[Hashable, int]) -> None:
        self.items = items
        keys = [reader.key(each) for each in items]
        self.first = [known.setdefault(key, len(known)) for key in keys]
        self.inner = list(self.first)
        self.back = list(range(len(items)))
        self.ahead = [0] * len(items)
        self.unfit = [False] * len(items)
        """Whether an element can be in no run."""
        places = {name: place for place, each in enumerate(items) for name in _names(each)}
        for place, each in enumerate(items):
            self.unfit[place] = each.shares if isinstance(each, DraftItem) else each.is_shared
            if each.sources is not None:
                found = [_owner(name, places) for name in each.sources]
                self.back[place] = min(found)
                offsets = tuple((place - owner, _part(name)) for name, owner in zip(each.sources, found, strict=True))
                self.inner[place] = known.setdefault((keys[place], offsets), len(known))
                for owner in found:
                    if owner >= 0:
                        self.ahead[owner] = place
        for place, each in enumerate(items):
            if each.is_output:
                self.ahead[place] = len(items)

    def fits(self, start: int, length: int) -> bool:
        """Whether a run may become a block."""
        end = start + length
        inside = all(self.back[place] >= start for place in range(start + 1, end))
        outside = all(self.ahead[place] < end for place in range(start, end - 1))
        return inside and outside and not any(self.unfit[start:end]) and self.begins(start) and self.ends(end - 1)

    def begins(self, place: int) -> bool:
        """Whether a run may begin with an element: not with what belongs to the layer before it."""
        first = self.items[place]
        if first.sources is not None:
            return len(first.sources) == 1
        before = self.items[place - 1] if place else None
        return not isinstance(first, DraftItem) or before is None or not _belongs(first, before)

    def ends(self, place: int) -> bool:
        """Whether a run may end with an element."""
        last = self.items[place]
        return not (isinstance(last, DraftItem) and _splits(last))


def numbered(items: list[Element], reader: Reader) -> list[NumberedList]:
    """A list and every list inside of it, with the same number for equal elements."""
    known: dict[Hashable, int] = {}
    return [NumberedList(each, reader, known) for each in lists_in(items)]


def _names(element: Element) -> tuple[str, ...]:
    return (element.result, element.layer.name) if isinstance(element, DraftItem) else (element.result,)


def _owner(name: str, places: dict[str, int]) -> int:
    """The place of the element that gives a value; −1 for one outside of the list."""
    return places[name] if name in places else places.get(name.rpartition(".")[0], -1)


def _part(name: str) -> str:
    part = name.rpartition(".")[2]
    return part if part.isdecimal() else ""


def _splits(item: DraftItem) -> bool:
    found = find(item.layer.type)
    return found is not None and found[0].splits


def _belongs(item: DraftItem, before: Element) -> bool:
    """Whether an item is an activation, or the normalization of a convolution that has no activation yet."""
    found = find(item.layer.type)
    if found is None or found[0].role == "activation":
        return found is not None
    learned = find(before.layer.type) if isinstance(before, DraftItem) and before.activation is None else None
    is_convolution = learned is not None and learned[0].role in ("convolution", "dense")
    return found[0].family == "normalization" and is_convolution


def modules(lists: list[NumberedList]) -> Iterator[list[ItemRun]]:
    """Modules of the file of equal structure, each a run of items that holds all of its layers."""
    sizes: dict[tuple[str, ...], int] = defaultdict(int)
    found: dict[tuple[str, ...], tuple[NumberedList, int, int]] = {}
    for each in lists:
        for scope, start, length in _scoped(each.items):
            sizes[scope] += 1
            found[scope] = (each, start, length)
    once = {(id(each), start, length): scope for scope, (each, start, length) in found.items()}
    equal: dict[tuple[int, ...], list[ItemRun]] = defaultdict(list)
    for scope in once.values():  # of modules that hold the same layers, one
        each, start, length = found[scope]
        if sizes[scope] == 1 and each.fits(start, length):
            key = (each.first[start], *each.inner[start + 1 : start + length])
            equal[key].append(ItemRun(each.items, start, length))
    yield from equal.values()


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


def repeated(lists: list[NumberedList]) -> Iterator[list[ItemRun]]:
    """Runs that occur more than once, of every length; none of those of a kind overlap."""
    current = {
        (number, start): (each.first[start], len(each.items), 0)
        for number, each in enumerate(lists)
        for start in range(len(each.items))
        if each.begins(start) and not each.unfit[start]
    }
    for length in range(1, LONGEST + 1):
        groups: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for run, (kind, _, _) in current.items():
            groups[kind].append(run)
        groups = {kind: runs for kind, runs in groups.items() if len(runs) > 1}
        for runs in groups.values():
            fitting = [run for run in runs if _fits(lists, run, length, current[run])]
            yield [ItemRun(lists[number].items, start, length) for number, start in _apart(fitting, length)]
        current = _longer(lists, groups, length, current)
        if not current:
            return


RunStart = tuple[int, int]
"""The number of a list, and the place in it where a run begins."""
RunState = tuple[int, int, int]
"""The number of a run; the first place that it refers to, its first item aside; the last that refers to it, its last
item aside."""


def _fits(lists: list[NumberedList], run: RunStart, length: int, state: RunState) -> bool:
    number, start = run
    _, back, ahead = state
    return back >= start and ahead < start + length and lists[number].ends(start + length - 1)


def _longer(
    lists: list[NumberedList], groups: dict[int, list[RunStart]], length: int, current: dict[RunStart, RunState]
) -> dict[RunStart, RunState]:  # fmt: skip
    """The runs with one more item, and the same number for those that are equal."""
    made: dict[tuple[int, int], int] = {}
    longer = {}
    for kind, runs in groups.items():
        for run in runs:
            number, start = run
            each, end = lists[number], start + length
            if end >= len(each.items) or each.unfit[end]:
                continue
            _, back, ahead = current[run]
            back = min(back, each.back[end])
            if back < start:
                continue  # it refers to what is before it, as every longer run does
            name = made.setdefault((kind, each.inner[end]), len(made))
            longer[run] = (name, back, max(ahead, each.ahead[end - 1]))
    return longer


def _apart(runs: list[RunStart], length: int) -> Iterator[RunStart]:
    """The runs without those that overlap one before them."""
    end = (-1, 0)
    for number, start in runs:
        if number != end[0] or start >= end[1]:
            yield number, start
            end = (number, start + length)
