"""Notation for ranges of whole numbers: `1..11`, `32..512:32`, `3,5,7`, `1..5x1..7`, `0..5,same`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from cnncalc.diagnostics import did_you_mean
from cnncalc.number_text import thousands

LARGEST = 1_000_000
"""The largest number in a range."""

_PART = re.compile(r"([0-9]{1,30})(?:\s*\.\.\s*([0-9]{1,30})(?:\s*:\s*([0-9]{1,30}))?)?")
_HOW = "write 3, 1..11, 32..512:32 or 3,5,7"

WrittenRange = str | int | Iterable[int | str]
"""A range as given by a caller: text, a number, or numbers and words."""


class RangeError(ValueError):
    """A text that is not a range; the message shows valid forms."""


class Choice(NamedTuple):
    """The candidates for a field: numbers for all axes (one entry in `axes`) or for each axis, and words."""

    axes: tuple[tuple[int, ...], ...]
    words: tuple[str, ...] = ()

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the first axis, which apply to all axes if there is only one entry."""
        return self.axes[0]


def read_numbers(given: WrittenRange, *, least: int = 1) -> tuple[int, ...]:
    """The distinct numbers of a range, sorted. Raises RangeError.

    >>> read_numbers("1..3"), read_numbers("32..128:32"), read_numbers("7,5,3..4")
    ((1, 2, 3), (32, 64, 96, 128), (3, 4, 5, 7))
    """
    choice = read_choice(given, least=least)
    if len(choice.axes) > 1:
        raise RangeError(f'"{given}" has a range for each axis, but only one range is allowed')
    return choice.numbers


def read_choice(given: WrittenRange, *, least: int = 1, words: tuple[str, ...] = ()) -> Choice:
    """The numbers, for all axes or for each, and the words of a range. Raises RangeError.

    >>> read_choice("1..2x5").axes, read_choice("0..1,same", least=0, words=("same", "valid"))
    (((1, 2), (5,)), Choice(axes=((0, 1),), words=('same',)))
    """
    if isinstance(given, str):
        parts = [part.strip() for part in given.split(",")]
    else:
        parts = [str(part) for part in ([given] if isinstance(given, int) else given)]
    said = tuple(dict.fromkeys(part for part in parts if part[:1].isalpha()))
    for word in said:
        if word not in words:
            hint = did_you_mean(word, words)
            known = f"; the words are {', '.join(words)}" if words else ""
            raise RangeError(f'"{word}" is not a number{known}{f": {hint}" if hint else ""}')
    rest = [part for part in parts if part not in said]
    return Choice(_axes(rest, least) if rest or not said else ((),), said)


def _axes(parts: list[str], least: int) -> tuple[tuple[int, ...], ...]:
    by_axis = [re.split("[x×]", part) for part in parts]
    counts = {len(axes) for axes in by_axis}
    if len(counts) != 1:
        raise RangeError("a range for all axes cannot be combined with ranges for each axis")
    return tuple(
        tuple(sorted({number for text in texts for number in _part(text.strip(), least)}))
        for texts in zip(*by_axis, strict=True)
    )


def _part(text: str, least: int) -> range:
    found = _PART.fullmatch(text)
    if not found:
        raise RangeError(f'"{text}" is not a range of whole numbers; {_HOW}')
    first = int(found[1])
    last = int(found[2] or first)
    step = int(found[3] or 1)
    if last < first:
        raise RangeError(f'"{text}" ends before it begins; write {last}..{first}')
    if step < 1:
        raise RangeError(f'"{text}" has a step of 0; {_HOW}')
    if first < least:
        raise RangeError(f'"{text}" begins below {least}')
    if last > LARGEST:
        raise RangeError(f'"{text}" exceeds {thousands(LARGEST)}')
    return range(first, last + 1, step)
