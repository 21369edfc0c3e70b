"""A stream of variants as text: a head, a row for each variant, and a tail, which together are one file."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from typing import Protocol

from cnncalc.solving.family import Family
from cnncalc.sweeping.variant import SweepTally, Variant


class VariantRows(Protocol):
    """A form of the file. A row can be read back, so that an interrupted sweep goes on after the last one."""

    head: str
    between: str
    """The text between two rows."""

    def row(self, variant: Variant) -> str:
        """A variant, which may be one that cannot be built."""

    def tail(self, tally: SweepTally) -> str:
        """The end of the file."""

    def read_back(self, line: str) -> tuple[Variant, str] | None:
        """The variant in a line of a file, without its metrics, and the text of its row; None for anything else."""


def place_of(family: Family, values: Mapping[str, object]) -> Variant | None:
    """The combination with these values, None if the family has none."""
    place, chosen = 0, []
    for part in family.varied:
        value = values.get(part.name)
        if not isinstance(value, int):
            return None
        index = bisect_left(part.values, value)
        if part.values[index : index + 1] != (value,):
            return None
        place = place * len(part.values) + index
        chosen.append(value)
    return Variant(place, tuple(chosen))


def progress_line(tried: int, total: int) -> str:
    """The last line of an unfinished file whose last combinations have no row."""
    return f"# {tried} of {total} combinations tried; the same command goes on\n"


def read_progress(text: str, total: int) -> int:
    """The number of combinations in a progress line; 0 for any other text, and for another total."""
    found = re.match(r"# ([0-9]{1,12}) of ", text)
    tried = int(found[1]) if found else 0
    return tried if tried <= total and text == progress_line(tried, total) else 0
