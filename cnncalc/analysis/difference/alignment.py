"""Alignment of two sequences: the pairs of equal items, in order.

Myers, "An O(ND) difference algorithm and its variations", Algorithmica 1 (1986), with three optimizations for long
sequences: equal ends are removed first, items that the other side lacks are skipped, and a long search is stopped and
resumed from the furthest point reached. Of equal items in a row, the last counts as added, since automatic numbers
count from the first.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Sequence

Match = tuple[int, int]
"""The positions of an item in the old and in the new sequence."""

_FURTHEST = 128
"""The number of items that a search may skip before it is stopped, since its cost is quadratic."""


def matches(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Match]:
    """The items common to both sequences, in order; None is an item that equals no other.

    >>> matches("abcd", "axcd")
    [(0, 0), (2, 2), (3, 3)]
    >>> matches("aab", "aaab")
    [(0, 0), (1, 1), (2, 3)]
    """
    return _pulled(old, new, _aligned(old, new))


def _aligned(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Match]:
    start, stop = 0, 0
    shorter = min(len(old), len(new))
    while start < shorter and old[start] == new[start] and old[start] is not None:
        start += 1
    while stop < shorter - start and old[-1 - stop] == new[-1 - stop] and old[-1 - stop] is not None:
        stop += 1
    head = [(index, index) for index in range(start)]
    tail = [(len(old) - index, len(new) - index) for index in range(stop, 0, -1)]
    rest_old, rest_new = range(start, len(old) - stop), range(start, len(new) - stop)
    shared = {old[index] for index in rest_old} & {new[index] for index in rest_new} - {None}
    left = [index for index in rest_old if old[index] in shared]
    right = [index for index in rest_new if new[index] in shared]
    inner = _searched([old[index] for index in left], [new[index] for index in right])
    return [*head, *((left[x], right[y]) for x, y in inner), *tail]


def _pulled(old: Sequence[Hashable], new: Sequence[Hashable], found: list[Match]) -> list[Match]:
    """The same matches, each moved to the first possible equal item."""
    pulled = []
    free_old = free_new = 0
    for x, y in found:
        if new[free_new] == new[y]:
            y = free_new
        if old[free_old] == old[x]:
            x = free_old
        pulled.append((x, y))
        free_old, free_new = x + 1, y + 1
    return pulled


def _searched(old: list[Hashable], new: list[Hashable]) -> list[Match]:
    found: list[Match] = []
    x = y = 0
    while x < len(old) and y < len(new):
        path, x, y = _search(old, new, x, y)
        found += path
    return found


def _search(old: list[Hashable], new: list[Hashable], left: int, top: int) -> tuple[list[Match], int, int]:
    """The matches on the shortest path from (left, top) to the end, or as far as a search may go, and its end point.

    `reach[k]` is the furthest position in `old` of a path with `d` skipped items on the diagonal x − y = k.
    """
    width, height = len(old) - left, len(new) - top
    reach = {1: 0}
    trail: list[dict[int, int]] = []
    for d in range(min(width + height, _FURTHEST) + 1):
        trail.append(dict(reach))
        for k in range(-d, d + 1, 2):
            x = reach[k + 1] if k == -d or (k != d and reach[k - 1] < reach[k + 1]) else reach[k - 1] + 1
            y = x - k
            while x < width and y < height and old[left + x] == new[top + y]:
                x += 1
                y += 1
            reach[k] = x
            if x == width and y == height:
                return _walked_back(trail, x, y, left, top), len(old), len(new)
    x, y = max(((x, x - k) for k, x in reach.items()), key=sum)
    return _walked_back(trail, x, y, left, top), left + x, top + y


def _walked_back(trail: list[dict[int, int]], x: int, y: int, left: int, top: int) -> list[Match]:
    """The matches on the path to (x, y), from first to last."""
    found = []
    for d in range(len(trail) - 1, -1, -1):
        reach, k = trail[d], x - y
        above = k == -d or (k != d and reach[k - 1] < reach[k + 1])
        before = k + 1 if above else k - 1
        start = reach[before], reach[before] - before
        while x > start[0] and y > start[1]:
            x, y = x - 1, y - 1
            found.append((left + x, top + y))
        x, y = start
    return found[::-1]


def in_order(pairs: Sequence[Match]) -> set[Match]:
    """The largest set of pairs with the same order on both sides (a longest increasing subsequence)."""
    ordered = sorted(pairs)
    tops: list[int] = []
    places: list[int] = []
    before: list[int | None] = []
    for index, (_, new) in enumerate(ordered):
        at = bisect_left(tops, new)
        before.append(places[at - 1] if at else None)
        tops[at : at + 1], places[at : at + 1] = [new], [index]
    kept = set()
    last = places[-1] if places else None
    while last is not None:
        kept.add(ordered[last])
        last = before[last]
    return kept
