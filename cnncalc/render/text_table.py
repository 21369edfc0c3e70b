"""The text table: columns of aligned cells, drawn by rich in colour and plainly in a pipe.

A pipe gets each table as wide as it needs to be. On a terminal a table that is too wide gets narrower: columns with a
rank are hidden, titles and cells are wrapped or shortened, and what still does not fit moves below. The lines are the
same with and without colour, so that colour never moves a column.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cnncalc.render.table_columns import (
    BELOW,
    LaidColumn,
    Panel,
    TableCell,
    blank,
    fitted,
    laid,
    padded_cells,
    total_width,
)
from cnncalc.render.table_columns import StyledText as StyledText
from cnncalc.render.table_columns import TableColumn as TableColumn
from cnncalc.render.text import visible, wrap

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
    pieces: Sequence[StyledText]
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
    count = len(table.columns)
    missing = [""] * count
    rows = [row.cells if len(row.cells) == count else [*row.cells, *missing[len(row.cells) :]] for row in table.rows]
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
        lines += [*_edge(columns, titles), *rule]
    rows = zip(*[padded_cells(column, column.cells) for column in columns], strict=True)
    for number, (row, cells) in enumerate(zip(table.rows, rows, strict=True)):
        lines += _row_with_rest(columns, cells, row, limit) if row.rest else _row(columns, cells, row.style)
        if panel.below:
            lines += [_Line([(" " * BELOW + text, style)], row.style) for text, style in panel.below[number]]
    if any(column.footer for column in columns[1:]):
        lines += [*rule, *_edge(columns, [[column.footer] for column in columns])]
    return lines


def _edge(columns: list[LaidColumn], texts: list[list[str]]) -> Iterable[_Line]:
    """The lines of the titles or totals."""
    cells = [
        padded_cells(column, [[(line, "") for line in each]])[0] for column, each in zip(columns, texts, strict=True)
    ]
    return _row(columns, cells, _EDGE_STYLE)


def _row(columns: Sequence[LaidColumn], cells: Sequence[list[StyledText]], style: str) -> list[_Line]:
    """The lines of one row of padded cells."""
    heights = set(map(len, cells))
    if heights != {1}:
        height = max(heights)
        cells = [cell + [blank(column)] * (height - len(cell)) for column, cell in zip(columns, cells, strict=True)]
    return [_Line(pieces, style) for pieces in zip(*cells, strict=True)]


def _row_with_rest(
    columns: list[LaidColumn], cells: Sequence[list[StyledText]], row: TableRow, limit: int | None
) -> Iterable[_Line]:  # fmt: skip
    """The lines of a row whose last text takes the room of all further columns."""
    kept = columns[: len(row.cells)]
    room = None if limit is None else max(_LEAST_REST, limit - total_width(kept) - kept[-1].column.gap)
    rest = laid(TableColumn(), [[(line, "") for line in wrap(visible(row.rest), room)]], "")
    return _row([*kept, rest], [*cells[: len(kept)], *padded_cells(rest, rest.cells)], row.style)


def _plain(line: _Line) -> str:
    return "".join([text for text, _ in line.pieces]).rstrip()


def _without_end(line: _Line) -> list[StyledText]:
    """The pieces of a line without the blanks at its end."""
    pieces = list(line.pieces)
    while pieces and not pieces[-1][0].strip():
        pieces.pop()
    if pieces:
        text, style = pieces[-1]
        pieces[-1] = text.rstrip(), style
    return pieces


def _painted(lines: Iterable[_Line]) -> list[str]:
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    file = StringIO()
    console = Console(file=file, force_terminal=True, color_system="standard", legacy_windows=False, no_color=False)
    for line in lines:
        console.print(Text.assemble(*_without_end(line), style=line.style), soft_wrap=True)
    return file.getvalue().split("\n")[:-1]
