"""The variants of a sweep as CSV: a column for each varied quantity and each metric, and the reason of a failure."""

from __future__ import annotations

import csv

from cnncalc.hidden_characters import visible
from cnncalc.number_text import show_shape
from cnncalc.render.csv_text import csv_text
from cnncalc.render.sweep.rows import place_of
from cnncalc.solving.study import Failure
from cnncalc.solving.wanted import ActualFigure
from cnncalc.sweeping.sweep import Sweep
from cnncalc.sweeping.variant import SweepTally, Variant


class CsvRows:
    """The rows of a CSV file, one line each."""

    between = ""

    def __init__(self, found: Sweep) -> None:
        self._family = found.plan.family
        self._names = found.plan.names
        self._metrics = found.plan.metrics
        self.head = csv_text((*self._names, *map(str, self._metrics), "failure"), ())

    def row(self, variant: Variant) -> str:
        failure = variant.failure
        if failure is not None:
            blank = [""] * len(self._metrics)
            return _line([*variant.values, *blank, visible(f"{failure.code} {failure.message}")])
        return _line([*variant.values, *map(_cell, variant.figures), ""])

    def tail(self, tally: SweepTally) -> str:
        return ""

    def read_back(self, line: str) -> tuple[Variant, str] | None:
        cells = next(csv.reader([line]), [])
        values = {name: int(cell) if cell.isascii() and cell.isdecimal() else None for name, cell in self._pairs(cells)}
        found = place_of(self._family, values)
        if found is None or len(cells) != len(self._names) + len(self._metrics) + 1 or not line.endswith("\n"):
            return None
        code, _, message = cells[-1].partition(" ")
        return found._replace(failure=Failure(code, message, "", 0, 0) if code else None), line

    def _pairs(self, cells: list[str]) -> zip[tuple[str, str]]:
        return zip(self._names, cells, strict=False)


def _line(cells: list[object]) -> str:
    return csv_text(map(str, cells), ())


def _cell(figure: ActualFigure) -> object:
    if figure is None:
        return ""
    return show_shape(figure) if isinstance(figure, tuple) else figure
