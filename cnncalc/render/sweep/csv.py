"""The variants of a sweep as CSV: a column for each varied quantity and each metric, and the reason of a failure.

A column for each condition is in the file so that a run with other conditions does not continue it.
"""

from __future__ import annotations

import csv

from cnncalc.hidden_characters import visible
from cnncalc.number_text import show_shape
from cnncalc.render.csv_text import csv_text
from cnncalc.render.sweep.rows import place_of
from cnncalc.solving.study import Failure
from cnncalc.solving.wanted import ActualFigure, Wanted
from cnncalc.sweeping.front import Objective
from cnncalc.sweeping.sweep import Sweep
from cnncalc.sweeping.variant import SweepTally, Variant


class CsvRows:
    """The rows of a CSV file, one line each."""

    between = ""

    def __init__(self, found: Sweep) -> None:
        self._family = found.plan.family
        self._names = found.plan.names
        self._metrics = found.plan.metrics
        self._conditions = [*map(_condition, found.plan.keep), *map(_objective, found.objectives)]
        self._budget = ["budget"] if found.plan.has_budget else []
        titles = (*self._names, *map(str, self._metrics), *self._conditions, *self._budget, "failure")
        self._columns = len(titles)
        self.head = csv_text(titles, ())

    def row(self, variant: Variant) -> str:
        failure = variant.failure
        if failure is not None:
            blank = [""] * (self._columns - len(self._names) - 1)
            return _line([*variant.values, *blank, visible(f"{failure.code} {failure.message}")])
        met = ["met"] * len(self._conditions)
        budget = [visible("; ".join(variant.over_budget)) for _ in self._budget]
        return _line([*variant.values, *map(_cell, variant.figures), *met, *budget, ""])

    def tail(self, tally: SweepTally) -> str:
        return ""

    def read_back(self, line: str) -> tuple[Variant, str] | None:
        cells = next(csv.reader([line]), [])
        values = {name: int(cell) if cell.isascii() and cell.isdecimal() else None for name, cell in self._pairs(cells)}
        found = place_of(self._family, values)
        if found is None or len(cells) != self._columns or not line.endswith("\n"):
            return None
        code, _, message = cells[-1].partition(" ")
        over_budget = (cells[-2],) if self._budget and cells[-2] else ()
        failure = Failure(code, message, "", 0, 0) if code else None
        return found._replace(failure=failure, over_budget=over_budget), line

    def _pairs(self, cells: list[str]) -> zip[tuple[str, str]]:
        return zip(self._names, cells, strict=False)


def _condition(wanted: Wanted) -> str:
    value = show_shape(wanted.value) if isinstance(wanted.value, tuple) else wanted.value
    return f"{wanted.title}{wanted.relation}{value}"


def _objective(objective: Objective) -> str:
    return f"pareto {objective.metric}:{'min' if objective.less_is_better else 'max'}"


def _line(cells: list[object]) -> str:
    return csv_text(map(str, cells), ())


def _cell(figure: ActualFigure) -> object:
    if figure is None:
        return ""
    return show_shape(figure) if isinstance(figure, tuple) else figure
