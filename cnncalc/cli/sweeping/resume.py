"""Where an interrupted sweep goes on in its file."""

from __future__ import annotations

import os
from typing import BinaryIO, NamedTuple

import click

from cnncalc.cli.sweeping.spread import Spread
from cnncalc.graph.memo import BuildCache
from cnncalc.number_text import thousands
from cnncalc.render.sweep.rows import VariantRows
from cnncalc.sweeping.plan import evaluate
from cnncalc.sweeping.sweep import Sweep
from cnncalc.sweeping.variant import SweepTally, Variant

_LONGEST_LINE = 1 << 20


class Resumed(NamedTuple):
    """The rows of a file: their counts, the position where the last one ends, and whether the file is finished."""

    tally: SweepTally
    end: int
    is_finished: bool = False


def resumed(path: str, rows: VariantRows, found: Sweep) -> Resumed:
    """The state of a file that an earlier run of the same sweep has written; an incomplete last row is dropped.

    Raises a usage error for any other file. The last row is evaluated again, which shows a change of the spec; so are
    some rows and some combinations without a row, which shows other conditions, for which a CSV file has no space.
    """
    if not os.path.exists(path):
        return Resumed(SweepTally(), 0)
    head = rows.head.encode()
    with open(path, "rb") as file:
        begin = file.read(len(head))
        if not head.startswith(begin):
            raise _foreign(path, "it begins differently")
        if begin != head:
            return Resumed(SweepTally(), 0)
        return _read_rows(file, path, rows, found)


def _read_rows(file: BinaryIO, path: str, rows: VariantRows, found: Sweep) -> Resumed:
    tally, end = SweepTally(), len(rows.head.encode())
    last: tuple[Variant, str] | None = None
    number, rest = rows.head.count("\n"), b""
    written, edges = Spread(), Spread()
    while line := file.readline(_LONGEST_LINE):
        number += 1
        read = rows.read_back(line.decode("utf-8", "replace"))
        if read is None:
            rest = line + file.read(_LONGEST_LINE)
            break
        if last and read[0].place <= last[0].place:
            raise _foreign(path, f"line {number} is not in order")
        written.add(read[0].place, read[1])
        for place, text in _edges(last, read):
            edges.add(place, text)
        last = read
        tally.add(read[0])
        tally.tried = read[0].place + 1
        end = file.tell() - len(line) + len(read[1].encode())
    if last is not None and _row(found, rows, last[0]) != last[1]:
        raise _foreign(path, "its last row has other values")
    _check_again(path, rows, found, dict(written.chosen) | dict(edges.chosen))
    whole, rest = rows.tail(tally).lstrip("\n").encode(), rest.lstrip(b"\n")
    if whole and rest == whole:
        tally.tried = len(found)
        return Resumed(tally, end, is_finished=True)
    if b"\n" in rest and not whole.startswith(rest):
        raise _foreign(path, f"line {number} is not one of its rows")
    return Resumed(tally, end)


def _edges(last: tuple[Variant, str] | None, read: tuple[Variant, str]) -> list[tuple[int, str]]:
    """The ends of the gap before a row, and the rows on both sides; a combination without a row has an empty text."""
    before = last[0].place if last else -1
    place = read[0].place
    if place == before + 1:
        return []
    sides = [(last[0].place, last[1])] if last else []
    return [*sides, *dict.fromkeys(((before + 1, ""), (place - 1, ""))), (place, read[1])]


def _check_again(path: str, rows: VariantRows, found: Sweep, texts: dict[int, str]) -> None:
    """Evaluate combinations again; raise a usage error if this sweep writes another text for one of them."""
    cache = BuildCache()
    for place, text in texts.items():
        again = evaluate(found.plan, place, place + 1, cache)
        if (rows.row(again[0]) if again else "") == text:
            continue
        values = zip(found.plan.names, found.plan.family.values(place), strict=True)
        named = ", ".join(f"{name}={value}" for name, value in values)
        if not text:
            raise _foreign(path, f"the row of {named} is missing (combination {thousands(place + 1)})")
        raise _foreign(path, f"the row of {named} {'has other values' if again else 'does not meet the conditions'}")


def _row(found: Sweep, rows: VariantRows, variant: Variant) -> str:
    """The row that this sweep has for a variant of a file; empty if it has none."""
    again = evaluate(found.plan, variant.place, variant.place + 1)
    return rows.row(again[0]) if again else ""


def _foreign(path: str, why: str) -> click.UsageError:
    return click.UsageError(f"{path} is not the file of this sweep: {why}. Give another file, or --force to replace it")
