"""A report as a table for people: title, layers, totals."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.analysis.report import AnyLayer, Report
from cnncalc.render.summary.columns import Column
from cnncalc.render.summary.fold import fold
from cnncalc.render.summary.totals import title_lines, totals_lines
from cnncalc.render.text_table import TableColumn, TableRow, TextTable, draw

_STYLES: Mapping[str, str] = {"layer": "bold", "type": "cyan", "params": "green", "macs": "yellow", "bars": "blue"}
_NARROWEST_NAME = 18
"""The terminal cells to which names of layers are wrapped before columns move to a panel below."""


def render(
    report: Report, columns: list[Column], depth: int | None = None, *, limit: int | None = None, color: bool = False
) -> str:
    """The report in at most `limit` terminal cells (None: any width)."""
    return draw_report(report, fold(report.all_layers, depth), columns, limit=limit, color=color)


def draw_report(
    report: Report, layers: tuple[AnyLayer, ...], columns: list[Column], *, limit: int | None, color: bool
) -> str:
    """The report with these rows in place of its layers."""
    table = TextTable(
        list(map(_table_column, columns)),
        list(map(TableRow, zip(*[column.cells(layers, report) for column in columns], strict=True))),
        totals=[column.footer(report) for column in columns],
        ruled=True,
    )
    parts = [
        title_lines(report, limit, color=color),
        draw(table, limit, color=color),
        totals_lines(report, limit, color=color),
    ]
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def _table_column(column: Column) -> TableColumn:
    return TableColumn(
        column.title, "right" if column.numeric else "left", _STYLES.get(column.key, ""), at="names",
        narrow="wrap" if column.key == "layer" else "keep", least=_NARROWEST_NAME,
    )  # fmt: skip
