"""The variants of a sweep as a table in Markdown, and the failures after it."""

from __future__ import annotations

from cnncalc.number_text import show_shape, thousands
from cnncalc.render.markdown_text import escape, table
from cnncalc.solving.wanted import ActualFigure
from cnncalc.sweeping.sweep import Sweep
from cnncalc.sweeping.variant import SweepTally, Variant


class MarkdownRows:
    """The rows of a table, without padding, since the widths of later rows are unknown."""

    between = ""

    def __init__(self, found: Sweep) -> None:
        self._has_budget = found.plan.has_budget
        self._titles = [*found.plan.names, *map(str, found.plan.metrics), *(["budget"] if self._has_budget else [])]
        self._alignment = "r" * (len(self._titles) - self._has_budget) + "l" * self._has_budget
        self.head = "\n".join(self._table([])) + "\n"

    def _table(self, rows: list[list[str]]) -> list[str]:
        return table(self._titles, rows, self._alignment, pads=False)

    def row(self, variant: Variant) -> str:
        if variant.failure is not None:
            return ""
        budget = [escape("; ".join(variant.over_budget))] if self._has_budget else []
        return self._table([[*map(str, variant.values), *map(_cell, variant.figures), *budget]])[-1] + "\n"

    def tail(self, tally: SweepTally) -> str:
        lines = []
        for group in tally.groups:
            failure = group.first.failure
            assert failure is not None
            fail = "variant fails" if group.number == 1 else "variants fail"
            first = ", ".join(map(str, group.first.values))
            lines.append(f"- {thousands(group.number)} {fail}, the first at {first}: {escape(failure.message)}")
        return "\n" + "\n".join(lines) + "\n" if lines else ""

    def read_back(self, line: str) -> None:
        return None


def _cell(figure: ActualFigure) -> str:
    if figure is None:
        return "–"
    return show_shape(figure) if isinstance(figure, tuple) else thousands(figure)
