"""The columns of a text table, and how they fit into a width."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from cnncalc.render.text import Align, WrapAt, padded, shortened, visible, widest, width, wrap

BELOW = 4
"""The indent of cells that move below their row."""
NARROWEST_FIRST = 18
"""The terminal cells below which the first column of panels is not wrapped."""

StyledText = tuple[str, str]
"""A text and its style."""
TableCell = str | Sequence[StyledText]
"""A text in its column's style, or several texts, one below the other, each with a style."""


class TableColumn(NamedTuple):
    """A column of a text table: its title, its look, and its behaviour on a narrow terminal."""

    title: str = ""
    align: Align = "left"
    style: str = ""
    width: int = 0
    """At least so many cells, so that several tables agree."""
    gap: int = 2
    """The number of blanks before the next column."""
    narrow: Literal["keep", "wrap", "shorten", "below"] = "keep"
    """`wrap` and `shorten` leave at least `least` cells; `below` moves cells that are too wide below their row."""
    least: int = 0
    at: WrapAt = "words"
    """Where lines break: names also after dots and slashes, and their further lines are indented."""
    rank: int = 0
    """Columns of rank 1 are the first to be hidden, those of rank 2 the next; those of rank 0 always stay."""


class LaidColumn(NamedTuple):
    """A column with its texts, each cell a list of lines, and its width in terminal cells."""

    column: TableColumn
    header: list[str]
    cells: list[list[StyledText]]
    footer: str
    width: int


class Panel(NamedTuple):
    """Columns side by side, and for each row the lines below it."""

    columns: list[LaidColumn]
    below: list[list[StyledText]]


def laid(column: TableColumn, cells: Sequence[TableCell], footer: str) -> LaidColumn:
    """A column as wide as its widest text, every cell on as few lines as it has texts."""
    style = column.style
    shown = [
        [(cell if cell.isprintable() else visible(cell), style)]
        if isinstance(cell, str)
        else [(visible(text), own) for text, own in cell]
        for cell in cells
    ]
    return _sized(LaidColumn(column, [column.title], shown, footer, 0))


def _sized(column: LaidColumn) -> LaidColumn:
    lines = [text for cell in column.cells for text, _ in cell]
    return column._replace(width=max(column.column.width, widest([*column.header, column.footer, *lines])))


def padded_cells(column: LaidColumn, cells: list[list[StyledText]]) -> list[list[StyledText]]:
    """Cells whose lines are as wide as their column and the gap after it."""
    align, room, gap = column.column.align, column.width, " " * column.column.gap
    place = str.rjust if align == "right" else str.ljust
    return [
        [((place(text, room) if text.isascii() else padded(text, room, align)) + gap, style) for text, style in cell]
        for cell in cells
    ]


def blank(column: LaidColumn) -> StyledText:
    """A line of a cell that has none."""
    return " " * (column.width + column.column.gap), ""


def fitted(columns: list[LaidColumn], limit: int | None) -> list[Panel]:
    """The columns in a panel of at most `limit` cells (None: any width).

    Columns with titles that are too wide for one panel are shown in several, each of which begins with the first
    column; without titles the last column moves below the rows.
    """
    if limit is None or total_width(columns) <= limit:
        return [Panel(columns, [])]
    columns = list(map(_with_split_header, _without_hidden(columns, limit)))
    narrowed, below = _narrowed(columns, limit)
    *others, last = columns
    if total_width(narrowed) <= limit or not others:
        return [Panel(narrowed, below)]
    if any(column.column.title for column in columns):
        return _panels(columns, limit)
    if last.column.narrow != "wrap":
        return [Panel(narrowed, below)]
    moved = [_wrapped_cell(cell, limit - BELOW) for cell in last.cells]
    return [Panel(panel.columns, _joined(panel.below, moved)) for panel in fitted(others, limit)]


def _joined(below: list[list[StyledText]], moved: list[list[StyledText]]) -> list[list[StyledText]]:
    return [first + second for first, second in zip(below or [[]] * len(moved), moved, strict=True)]


def total_width(columns: Sequence[LaidColumn]) -> int:
    """The width of columns side by side, without a gap after the last."""
    return sum(column.width + column.column.gap for column in columns) - columns[-1].column.gap


def _without_hidden(columns: list[LaidColumn], limit: int) -> list[LaidColumn]:
    """The columns without those of the lowest ranks, as many ranks as it takes for the rest to fit."""
    for rank in sorted({column.column.rank for column in columns} - {0}):
        if total_width(list(map(_at_least_width, columns))) > limit:
            columns = [column for column in columns if column.column.rank != rank]
    return columns


def _at_least_width(column: LaidColumn) -> LaidColumn:
    if column.column.narrow == "keep":
        return column
    return column._replace(width=min(column.width, column.column.least))


def _with_split_header(column: LaidColumn) -> LaidColumn:
    """The column with one word of its title on each line, where that makes it narrower."""
    split = _sized(column._replace(header=column.column.title.split(" ")))
    return split if split.width < column.width else column


def _narrowed(columns: list[LaidColumn], limit: int) -> tuple[list[LaidColumn], list[list[StyledText]]]:
    """The columns, each narrowed as far as needed, the last first; and the cells that move below the rows."""
    columns, below = list(columns), [list[StyledText]() for _ in columns[0].cells]
    for place in reversed(range(len(columns))):
        column = columns[place]
        room = limit - total_width(columns) + column.width
        if room < column.width and column.column.narrow == "below":
            moved = [cell if _cell_width(cell) > max(room, 0) else [] for cell in column.cells]
            kept = [[] if each else cell for cell, each in zip(column.cells, moved, strict=True)]
            columns[place] = _sized(column._replace(cells=kept))
            below = _joined([_wrapped_cell(cell, limit - BELOW) for cell in moved], below)
        elif room < column.width and column.column.narrow != "keep":
            columns[place] = _at_width(column, max(room, column.column.least))
    return columns, below


def _panels(columns: list[LaidColumn], limit: int) -> list[Panel]:
    first = _at_width(columns[0], max(NARROWEST_FIRST, limit // 3))
    gap = first.column.gap
    found: list[Panel] = []
    for column in columns[1:]:
        column = _at_width(column, limit - first.width - gap)
        if not found or total_width([*found[-1].columns, column]) > limit:
            found.append(Panel([first], []))
        found[-1].columns.append(column)
    return found


def _at_width(column: LaidColumn, limit: int) -> LaidColumn:
    """The column in at most `limit` cells, or as many as its title needs: cells wrapped, or shortened."""
    limit = max(limit, *map(width, column.header))
    if column.width <= limit:
        return column
    if column.column.narrow == "shorten":
        cells = [[(shortened(text, limit), style) for text, style in cell] for cell in column.cells]
    else:
        cells = [_wrapped_cell(cell, limit, column.column.at) for cell in column.cells]
    return _sized(column._replace(cells=cells))


def _wrapped_cell(cell: list[StyledText], limit: int, at: WrapAt = "words") -> list[StyledText]:
    hanging = "  " if at == "names" else ""
    return [(line, style) for text, style in cell if text for line in wrap(text, limit, hanging=hanging, at=at)]


def _cell_width(cell: list[StyledText]) -> int:
    return max((width(text) for text, _ in cell), default=0)
