"""A table as texts, fitted to a width: long names wrapped, and what does not fit side by side put below.

Nothing is ever dropped. Drawing it, plainly or with rich, is the business of `table`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from cnncalc.analysis.report import LayerReport, Report
from cnncalc.render.summary.columns import Column
from cnncalc.render.text import visible, width

GAP = 2
NARROWEST_NAME = 18
"""How far the first column is wrapped before columns move to a panel below."""
NARROWEST_LINE = 4
"""No line is wrapped further: an indent of two and a wide character need room to get shorter at each step."""

_BREAKS = re.compile(r"[^./ ]*(?:[./]+ ?| +|$)")


class GridColumn(NamedTuple):
    """One column: its header's lines, its cells (each a list of lines), its footer, its width in terminal cells."""

    key: str
    header: list[str]
    cells: list[list[str]]
    footer: str
    numeric: bool
    width: int


def grid(report: Report, layers: tuple[LayerReport, ...], columns: list[Column]) -> list[GridColumn]:
    """The cells of the layers, unwrapped."""
    return [_column(report, layers, column) for column in columns]


def _column(report: Report, layers: tuple[LayerReport, ...], column: Column) -> GridColumn:
    cells = [[visible(column.cell(layer, report))] for layer in layers]
    footer = column.footer(report)
    widest = max(map(width, (column.title, footer, *(cell[0] for cell in cells))))
    return GridColumn(column.key, [column.title], cells, footer, column.numeric, widest)


def panels(columns: list[GridColumn], limit: int | None) -> list[list[GridColumn]]:
    """The columns in panels of at most `limit` cells (None: one panel); each panel begins with the first column."""
    if limit is None or sum(GAP + column.width for column in columns) - GAP <= limit:
        return [columns]
    columns = [_with_split_header(column) for column in columns]
    first, *others = columns
    room = limit - sum(GAP + column.width for column in others)
    if room >= min(first.width, NARROWEST_NAME):
        return [[_wrapped(first, room), *others]]
    first = _wrapped(first, max(NARROWEST_NAME, limit // 3))
    room = limit - first.width
    found: list[list[GridColumn]] = []
    free = 0
    for column in (_wrapped(column, room - GAP) for column in others):
        if free < GAP + column.width:
            found.append([first])
            free = room
        found[-1].append(column)
        free -= GAP + column.width
    return found


def _with_split_header(column: GridColumn) -> GridColumn:
    """The column with a title of several words on several lines, where that makes it narrower."""
    body = max(map(width, (column.footer, *(line for cell in column.cells for line in cell))))
    words = column.header[0].split(" ")
    narrow = max(body, *map(width, words))
    return column._replace(header=words, width=narrow) if narrow < column.width else column


def _wrapped(column: GridColumn, limit: int) -> GridColumn:
    """The column in at most `limit` cells."""
    limit = max(limit, max(map(width, column.header)))
    if column.width <= limit:
        return column
    cells = [wrap(cell[0], limit) for cell in column.cells]
    return column._replace(cells=cells, width=max(width(line) for cell in cells for line in cell))


def wrap(text: str, limit: int) -> list[str]:
    """`text` in lines of at most `limit` cells, broken after dots, slashes and blanks where there are any.

    >>> wrap("stage2.block1.downsample.conv_3", 18)
    ['stage2.block1.', '  downsample.', '  conv_3']
    """
    limit = max(limit, NARROWEST_LINE)
    lines, line, indent = [], "", ""
    for piece in _BREAKS.findall(text):
        if line.strip() and width(line) + width(piece.rstrip()) > limit:
            lines.append(line.rstrip())
            indent = "  "
            line = indent
        line += piece
        while width(line.rstrip()) > limit:
            cut = _fitting(line, limit)
            lines.append(line[:cut])
            indent = "  "
            line = indent + line[cut:]
    if line.strip() or not lines:
        lines.append(line.rstrip())
    return lines


def _fitting(text: str, limit: int) -> int:
    """The number of characters of `text` that fit into `limit` cells, at least three."""
    cut = len(text)
    while width(text[:cut]) > limit and cut > 3:
        cut -= 1
    return cut
