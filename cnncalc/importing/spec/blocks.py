"""Repeated parts of a spec as blocks: the modules that the file states first, then runs of equal structure.

Each round makes one block of the run of items that saves the most lines, wherever it occurs, until none saves any.
Runs are compared by a number for each run of a length, which is made of the number of the run without its last item
and of that item; a run that occurs once is not made longer. So a round takes time in proportion to the items.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from cnncalc.importing.spec.block_names import Namer
from cnncalc.importing.spec.elements import Element, Reader, Use, WrittenBlock, joined, weight
from cnncalc.importing.spec.parameters import Parametrized, parametrized
from cnncalc.importing.spec.runs import ItemRun, modules, numbered, repeated

_TRIED = 12
"""The number of candidates that a round looks at closely."""
MOST_BLOCKS = 24
"""More blocks than these do not make a spec easier to read."""
_HEAD = 1
"""The lines of a block beside its items, if it has no parameters."""
_HEAD_OF_PARAMETERS = 3
_LEAST = (1, 6, 8)
"""The lines to be saved by a block of items, of items and uses of other blocks, and of such uses alone."""
_FOR_KERNELS = 0.85
"""The weight of the lines that a block saves if its uses differ in their kernels."""
_LEAST_OF_MODULES = (1, 2, 4)
"""The same for modules of the file, which do not repeat by chance."""


class BlockLines(NamedTuple):
    """The lines of a block: fewer say less than its items, and a block of more is made of what else has no block."""

    least: int = 3
    most: int = 10**9


class Candidate(NamedTuple):
    """Equal runs, none of which overlap, and the lines that a block of them saves."""

    places: list[ItemRun]
    saved: int
    mixture: int
    is_long: bool

    @property
    def rank(self) -> tuple[bool, int, int]:
        """The sort key of a candidate before its parameters are known."""
        return self.is_long, self.mixture, -self.saved


class _Choice(NamedTuple):
    """A candidate with its parameters, and the lines that the block really saves."""

    candidate: Candidate
    found: Parametrized
    saved: int
    loose: bool

    @property
    def rank(self) -> tuple[bool, int, float]:
        """The sort key of a choice; the best has the least."""
        return self.candidate.is_long, self.candidate.mixture, -self.saved * (_FOR_KERNELS if self.loose else 1)


def find_blocks(
    items: list[Element], reader: Reader, namer: Namer, lines: BlockLines
) -> list[WrittenBlock]:  # fmt: skip
    """Put blocks in place of what repeats in a list of items and in all lists inside; the blocks in order of use."""
    blocks: list[WrittenBlock] = []
    for search, least in ((modules, _LEAST_OF_MODULES), (repeated, _LEAST)):
        while len(blocks) < MOST_BLOCKS:
            choices = []
            for loose in (False, True):
                reader.loose = loose
                lists = numbered(items, reader)
                candidates = (_candidate(places, lines) for places in search(lists))
                choices += _best(filter(None, candidates), reader, least)
            if not choices:
                break
            best = min(choices, key=lambda each: each.rank)
            reader.loose = best.loose
            blocks.append(_made(best, reader, namer))
            for each in lists:
                each.items[:] = joined(each.items)
    return blocks


def _candidate(places: list[ItemRun], allowed: BlockLines) -> Candidate | None:
    """Equal runs, with about the lines that a block of them saves at most; None where it saves none."""
    lines = sum(map(weight, places[0].elements)) if len(places) > 1 else 0
    saved = len(places) * lines - (lines + _HEAD + _rows(places))
    if saved <= 0 or lines < allowed.least:
        return None
    return Candidate(places, saved, _mixture(places[0].elements), lines > allowed.most)


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


def _best(candidates: Iterator[Candidate], reader: Reader, least: tuple[int, ...]) -> list[_Choice]:
    """The candidate whose block saves the most lines, if it saves enough of them."""
    ordered = sorted(candidates, key=lambda each: (*each.rank, each.places[0].length))
    best: list[_Choice] = []
    for candidate in ordered[:_TRIED]:
        if best and candidate.rank > best[0].candidate._replace(saved=best[0].saved).rank:
            break  # what it saves at most is less
        runs = [place.elements for place in candidate.places]
        entries = [reader.channels(next(iter(run[0].layers()))) for run in runs]
        found = parametrized([[slot for each in run for slot in reader.slots(each)] for run in runs], entries)
        if found is None or _is_power([reader.key(each) for each in runs[0]]):
            continue
        choice = _Choice(candidate, found, _saved(candidate, found), reader.loose)
        if choice.saved >= least[candidate.mixture] and (not best or choice.rank < best[0].rank):
            best = [choice]
    return best


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


def _made(choice: _Choice, reader: Reader, namer: Namer) -> WrittenBlock:
    """The block, with a use of it in the place of every run."""
    candidate, found = choice.candidate, choice.found
    runs = [place.elements for place in candidate.places]
    block = WrittenBlock(namer.name(runs), found.parameters, _inside(runs[0]), found.texts, reader.loose)
    for place, values in sorted(zip(candidate.places, found.values, strict=True), key=lambda each: -each[0].start):
        elements = place.elements
        members = [layer for each in elements for layer in each.layers()]
        first, last = elements[0], elements[-1]
        use = Use(block, values, first.sources, last.is_named, last.is_output, last.result, members)
        place.items[place.start : place.start + place.length] = [use]
    return block
