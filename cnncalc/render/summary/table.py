"""A report as a table for people: title, layers, totals.

On a terminal rich draws it; in a pipe, where it is as wide as it needs to be, and for very long models, the same
picture is written directly, which takes a hundredth of the time.
"""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.analysis.report import LayerReport, Report
from cnncalc.render.summary.columns import Column
from cnncalc.render.summary.fold import fold
from cnncalc.render.summary.totals import title_lines, totals_lines
from cnncalc.render.text import width
from cnncalc.render.text_table import GAP, GridColumn, grid, panels

MOST_RICH_ROWS = 1000

_STYLES: Mapping[str, str] = {"layer": "bold", "type": "cyan", "params": "green", "macs": "yellow"}


def render(
    report: Report, columns: list[Column], depth: int | None = None, *, limit: int | None = None, color: bool = False
) -> str:
    """The report in at most `limit` terminal cells (None: any width)."""
    return draw_report(report, fold(report.layers, depth), columns, limit=limit, color=color)


def draw_report(
    report: Report, layers: tuple[LayerReport, ...], columns: list[Column], *, limit: int | None, color: bool
) -> str:
    """The same with these rows, however they were made."""
    draw = _draw_rich if color and len(layers) <= MOST_RICH_ROWS else _draw
    tables = [draw(panel) for panel in panels(grid(report, layers, columns), limit)]
    parts = [title_lines(report, limit, color=color), *tables, totals_lines(report, limit, color=color)]
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def _draw(columns: list[GridColumn]) -> list[str]:
    rule = "─" * (sum(column.width for column in columns) + GAP * (len(columns) - 1))
    height = max(len(column.header) for column in columns)
    header = _row(columns, [[""] * (height - len(column.header)) + column.header for column in columns])
    rows = [
        line for cells in zip(*(column.cells for column in columns), strict=True) for line in _row(columns, list(cells))
    ]
    footer = [rule, *_row(columns, [[column.footer] for column in columns])] if _has_totals(columns) else []
    return [*header, rule, *rows, *footer]


def _has_totals(columns: list[GridColumn]) -> bool:
    """Whether anything stands in the line of totals beside its name."""
    return any(column.footer for column in columns[1:])


def _row(columns: list[GridColumn], cells: list[list[str]]) -> list[str]:
    """The lines of one row."""
    return [
        (" " * GAP)
        .join(
            _aligned(cell[line] if line < len(cell) else "", column)
            for column, cell in zip(columns, cells, strict=True)
        )
        .rstrip()
        for line in range(max(map(len, cells)))
    ]


def _aligned(text: str, column: GridColumn) -> str:
    blank = " " * (column.width - width(text))
    return blank + text if column.numeric else text + blank


def _draw_rich(columns: list[GridColumn]) -> list[str]:
    from io import StringIO

    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE, show_edge=False, padding=(0, 1, 0, 0), pad_edge=False, show_footer=_has_totals(columns))
    for column in columns:
        table.add_column(
            Text("\n".join(column.header)), Text(column.footer), width=column.width, no_wrap=True, vertical="top",
            justify="right" if column.numeric else "left", style=_STYLES.get(column.key),
        )  # fmt: skip
    for cells in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*(Text("\n".join(cell)) for cell in cells))
    total = sum(column.width for column in columns) + GAP * (len(columns) - 1)
    console = Console(file=StringIO(), width=total, force_terminal=True, color_system="standard", legacy_windows=False)
    with console.capture() as capture:
        console.print(table)
    return [line.rstrip() for line in capture.get().rstrip("\n").split("\n")]
