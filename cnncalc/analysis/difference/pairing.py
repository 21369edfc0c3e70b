"""Pairing of the layers of two models: by name, then by makeup and position, like the lines of a diff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from typing import NamedTuple

from cnncalc.analysis.difference.alignment import Match, in_order, matches
from cnncalc.analysis.difference.fingerprint import ComparedLayer


class Pairing(NamedTuple):
    """The pairs of layers by position, in the order of the new model; those in `moved` have changed their order."""

    pairs: list[Match]
    moved: set[Match]


def pair(old: list[ComparedLayer], new: list[ComparedLayer]) -> Pairing:
    """Pair the layers of two models.

    Layers with the same explicit name correspond, wherever they are. Between them, equal layers are aligned first;
    then, in each remaining gap, layers that agree in fewer and fewer respects. Equal layers that remain were moved.
    """
    named = _by_name(old, new)
    ordered = in_order(named)
    others = set(named) - ordered
    taken_old, taken_new = {i for i, _ in others}, {j for _, j in others}
    pairs = sorted(ordered)
    for alike in _ALIKE:
        left, right = _Keys(old, alike, taken_old), _Keys(new, alike, taken_new)
        pairs = [match for gap in _gaps(pairs, len(old), len(new)) for match in _filled(left, right, gap)]
    pairs += _replaced(old, new, list(_gaps(pairs, len(old), len(new))))
    moved = others | _moved(old, new, [*pairs, *others])
    return Pairing(sorted([*pairs, *moved], key=lambda match: match[1]), moved)


def _by_name(old: list[ComparedLayer], new: list[ComparedLayer]) -> list[Match]:
    """The layers with the same explicit name on both sides."""
    places = {item.name: index for index, item in enumerate(old) if item.is_named}
    return [(places[item.name], index) for index, item in enumerate(new) if item.is_named and item.name in places]


def _equal(item: ComparedLayer) -> Hashable:
    return item.place, item.local, item.makeup.key


def _set_otherwise(item: ComparedLayer) -> Hashable:
    return item.place, item.local, item.makeup.type


def _named_otherwise(item: ComparedLayer) -> Hashable:
    return item.makeup.key


def _in_another_inner_block(item: ComparedLayer) -> Hashable:
    return None if item.local or not item.place else (item.place[0], item.makeup.type)


def _of_the_same_family(item: ComparedLayer) -> Hashable:
    return None if item.local else (item.place, item.makeup.family)


_ALIKE: tuple[Callable[[ComparedLayer], Hashable], ...] = (
    _equal, _set_otherwise, _named_otherwise, _in_another_inner_block, _of_the_same_family,
)  # fmt: skip
"""The keys in which two layers must agree to be aligned, strictest first; None excludes a layer."""


class _Keys:
    """The keys of one side; layers that are already paired equal no others."""

    def __init__(self, items: list[ComparedLayer], alike: Callable[[ComparedLayer], Hashable], taken: set[int]) -> None:
        self._items = items
        self._alike = alike
        self._taken = taken

    def between(self, start: int, stop: int) -> list[Hashable]:
        taken, alike, items = self._taken, self._alike, self._items
        return [None if index in taken else alike(items[index]) for index in range(start, stop)]


class Gap(NamedTuple):
    """The layers between two neighbouring pairs: start and stop on either side, and whether a pair follows."""

    old_start: int
    old_stop: int
    new_start: int
    new_stop: int
    closed: bool


def _gaps(pairs: list[Match], old: int, new: int) -> Iterator[Gap]:
    """The gaps between neighbouring pairs."""
    x = y = 0
    for i, j in pairs:
        yield Gap(x, i, y, j, closed=True)
        x, y = i + 1, j + 1
    yield Gap(x, old, y, new, closed=False)


def _filled(left: _Keys, right: _Keys, gap: Gap) -> Iterator[Match]:
    """The pairs inside a gap, and the one after it."""
    x, i, y, j, closed = gap
    for a, b in matches(left.between(x, i), right.between(y, j)):
        yield x + a, y + b
    if closed:
        yield i, j


def _replaced(old: list[ComparedLayer], new: list[ComparedLayer], gaps: list[Gap]) -> list[Match]:
    """The pairs of single layers in a gap that have the same type, regardless of their names."""
    shared = {item.name for item in old if item.is_named} & {item.name for item in new if item.is_named}
    return [
        (x, y)
        for x, i, y, j, _ in gaps
        if i - x == j - y == 1
        and (old[x].place, old[x].makeup.type) == (new[y].place, new[y].makeup.type)
        and not {old[x].name, new[y].name} & shared
    ]


def _moved(old: list[ComparedLayer], new: list[ComparedLayer], pairs: list[Match]) -> set[Match]:
    """Remaining layers that have a unique equal on the other side: they were moved."""
    places: defaultdict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, items in enumerate((old, new)):
        paired = {match[side] for match in pairs}
        for index, item in enumerate(items):
            if index not in paired:
                places[item.local, item.makeup.key][side].append(index)
    return {(left[0], right[0]) for left, right in places.values() if len(left) == len(right) == 1}
