"""Where an interrupted sweep goes on in its file."""

from __future__ import annotations

import os
from typing import BinaryIO, NamedTuple

import click

from cnncalc.render.sweep.rows import VariantRows, read_progress
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

    Raises a usage error for any other file: the head has the varied quantities, the metrics and the conditions. The
    first row and the last one are evaluated again, which shows a change of the spec or its options.
    """
    if not os.path.exists(path):
        return Resumed(SweepTally(), 0)
    head = rows.head.encode()
    with open(path, "rb") as file:
        begin = file.read(len(head))
        if not head.startswith(begin):
            raise _foreign(path, "it begins differently (another --vary, --keep or --pareto)")
        if begin != head:
            return Resumed(SweepTally(), 0)
        return _read_rows(file, path, rows, found)


def _read_rows(file: BinaryIO, path: str, rows: VariantRows, found: Sweep) -> Resumed:
    tally, end = SweepTally(), len(rows.head.encode())
    first: tuple[Variant, str] | None = None
    last: tuple[Variant, str] | None = None
    number, rest = rows.head.count("\n"), b""
    while line := file.readline(_LONGEST_LINE):
        number += 1
        read = rows.read_back(line.decode("utf-8", "replace"))
        if read is None:
            rest = line + file.read(_LONGEST_LINE)
            break
        if last and read[0].place <= last[0].place:
            raise _foreign(path, f"line {number} is not in order")
        first = first or read
        last = read
        tally.add(read[0])
        tally.tried = read[0].place + 1
        end = file.tell() - len(line) + len(read[1].encode())
    for name, row in (("last", last), ("first", first)):
        if row is not None and _row(found, rows, row[0]) != row[1]:
            raise _foreign(path, f"its {name} row has other values")
    whole, rest = rows.tail(tally).lstrip("\n").encode(), rest.lstrip(b"\n")
    if whole and rest == whole:
        tally.tried = len(found)
        return Resumed(tally, end, is_finished=True)
    if noted := read_progress(rest.decode("utf-8", "replace"), len(found)):
        tally.tried = max(tally.tried, noted if last else 0)  # without a row, nothing shows that the spec is the same
        return Resumed(tally, end)
    if b"\n" in rest and not whole.startswith(rest):
        raise _foreign(path, f"line {number} is not one of its rows")
    return Resumed(tally, end)


def _row(found: Sweep, rows: VariantRows, variant: Variant) -> str:
    """The row that this sweep has for a variant of a file; empty if it has none."""
    again = evaluate(found.plan, variant.place, variant.place + 1)
    return rows.row(again[0]) if again else ""


def _foreign(path: str, why: str) -> click.UsageError:
    return click.UsageError(f"{path} is not the file of this sweep: {why}. Give another file, or --force to replace it")
