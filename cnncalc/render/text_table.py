"""The text table: columns of aligned cells, drawn by rich in colour and plainly in a pipe.

A pipe gets each table as wide as it needs to be. On a terminal a table that is too wide gets narrower: columns with a
rank are hidden, titles and cells are wrapped or shortened, and what still does not fit moves below. The lines are the
same with and without colour, so that colour never moves a column.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cnncalc.render.table_columns import BELOW, LaidColumn, Panel, TableCell, fitted, laid, total_width
from cnncalc.render.table_columns import StyledText as StyledText
from cnncalc.render.table_columns import TableColumn as TableColumn
from cnncalc.render.text import padded, visible, wrap

MOST_COLORED_ROWS = 1000
"""Longer tables are drawn plainly, which takes a hundredth of the time."""

_LEAST_REST = 20
_EDGE_STYLE = "bold"
"""Titles and totals."""


class TableRow(NamedTuple):
    """The cells of the columns; the row's style also holds for the blanks between them."""

    cells: Sequence[TableCell]
    style: str = ""
    rest: str = ""
    """A text across the columns that have no cell."""


class TextTable(NamedTuple):
    """Rows below titles, where the columns have any, and above totals."""

    columns: Sequence[TableColumn]
    rows: Sequence[TableRow]
    totals: Sequence[str] = ()
    ruled: bool = False
    """Whether a line is drawn below the titles and above the totals."""
    indent: int = 0


class _Line(NamedTuple):
    pieces: list[StyledText]
    style: str = ""


def draw(table: TextTable, limit: int | None = None, *, color: bool = False) -> list[str]:
    """The lines of a table in at most `limit` terminal cells (None: any width)."""
    limit = None if limit is None else limit - table.indent
    lines: list[_Line] = []
    for number, panel in enumerate(fitted(_laid_columns(table), limit)):
        lines += [_Line([])] if number else []
        lines += _panel(panel, table if number == 0 else _without_rests(table), limit)
    indent = " " * table.indent
    shown = _painted(lines) if color and len(table.rows) <= MOST_COLORED_ROWS else map(_plain, lines)
    return [indent + line if line else "" for line in shown]


def _without_rests(table: TextTable) -> TextTable:
    return table._replace(rows=[row._replace(rest="") for row in table.rows])


def _laid_columns(table: TextTable) -> list[LaidColumn]:
    missing = [""] * len(table.columns)
    rows = [[*row.cells, *missing[len(row.cells) :]] for row in table.rows]
    cells = zip(*rows, strict=True) if rows else [()] * len(table.columns)
    return [laid(*each) for each in zip(table.columns, cells, table.totals or missing, strict=True)]


def _panel(panel: Panel, table: TextTable, limit: int | None) -> list[_Line]:
    """The lines of the columns of a panel."""
    columns = panel.columns
    rule = [_Line([("─" * total_width(columns), "")])] if table.ruled else []
    lines: list[_Line] = []
    if any(column.column.title for column in columns):
        height = max(len(column.header) for column in columns)
        titles = [[""] * (height - len(column.header)) + column.header for column in columns]
        lines += [*_row(columns, [[(line, "") for line in title] for title in titles], _EDGE_STYLE), *rule]
    for number, row in enumerate(table.rows):
        cells = [column.cells[number] for column in columns]
        lines += _row_with_rest(columns, cells, row, limit) if row.rest else _row(columns, cells, row.style)
        lines += [_Line([(" " * BELOW + text, style)], row.style) for text, style in _below(panel, number)]
    if any(column.footer for column in columns[1:]):
        lines += [*rule, *_row(columns, [[(column.footer, "")] for column in columns], _EDGE_STYLE)]
    return lines


def _below(panel: Panel, number: int) -> list[StyledText]:
    return panel.below[number] if panel.below else []


def _row(columns: list[LaidColumn], cells: list[list[StyledText]], style: str) -> Iterable[_Line]:
    """The lines of one row, without blanks at their ends."""
    for place in range(max(map(len, cells))):
        pieces = []
        for column, cell in zip(columns, cells, strict=True):
            text, own = cell[place] if place < len(cell) else ("", "")
            pieces.append((padded(text, column.width, column.column.align) + " " * column.column.gap, own))
        while pieces and not pieces[-1][0].strip():
            pieces.pop()
        pieces[-1:] = [(text.rstrip(), own) for text, own in pieces[-1:]]
        yield _Line(pieces, style)


def _row_with_rest(
    columns: list[LaidColumn], cells: list[list[StyledText]], row: TableRow, limit: int | None
) -> Iterable[_Line]:  # fmt: skip
    """The lines of a row whose last text takes the room of all further columns."""
    kept = columns[: len(row.cells)]
    room = None if limit is None else max(_LEAST_REST, limit - total_width(kept) - kept[-1].column.gap)
    rest = laid(TableColumn(), [[(line, "") for line in wrap(visible(row.rest), room)]], "")
    return _row([*kept, rest], [*cells[: len(kept)], *rest.cells], row.style)


def _plain(line: _Line) -> str:
    return "".join(text for text, _ in line.pieces)


def _painted(lines: Iterable[_Line]) -> list[str]:
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    file = StringIO()
    console = Console(file=file, force_terminal=True, color_system="standard", legacy_windows=False, no_color=False)
    for line in lines:
        console.print(Text.assemble(*line.pieces, style=line.style), soft_wrap=True)
    return file.getvalue().split("\n")[:-1]
