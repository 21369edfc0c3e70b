"""Grids of cells with the padding around them, to scale; of long axes, the beginning and the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from cnncalc.drawing.picture import Curve, Drawn, Label, Paint, Rectangle, Spot
from cnncalc.number_text import decimal

LARGEST, SMALLEST = 30.0, 7.0
ROOM = 460.0
"""The room for a grid along its longer side."""
MOST_CELLS = 44
"""Longer axes are shortened."""
MOST_NUMBERS = 900


class GridAxis(NamedTuple):
    """The positions from `low` to `high`, exclusive; those from `gap` to `resume`, exclusive, are left out."""

    low: int
    high: int
    gap: int
    resume: int

    @property
    def cells(self) -> int:
        """The number of cells, with one for the gap."""
        return self.high - self.low - (self.resume - self.gap) + (self.resume > self.gap)

    def at(self, position: int) -> int:
        """The distance of a position from the first one, in cells; positions in the gap have that of the gap."""
        if position >= self.resume:
            return position - self.resume + self.gap - self.low + (self.resume > self.gap)
        return min(position, self.gap) - self.low

    @property
    def drawn(self) -> Iterator[int]:
        """The positions that have a cell."""
        yield from range(self.low, self.gap)
        yield from range(self.resume, self.high)


def grid_axis(low: int, high: int, beginning: int, end: int) -> GridAxis:
    """An axis that is left out between `beginning` and `end`, if it is long and these leave something out.

    >>> grid_axis(0, 224, 12, 210).cells
    27
    """
    if high - low <= MOST_CELLS or end - beginning < 3:
        return GridAxis(low, high, high, high)
    return GridAxis(low, high, beginning, end)


def cell_size(axes: Iterable[GridAxis], room: float = ROOM) -> float:
    """The side of a cell, so that grids with these axes fit into their room."""
    return max(min(LARGEST, room / max(axis.cells for axis in axes)), min(SMALLEST, room / MOST_CELLS))


class CellGrid(NamedTuple):
    """Rows and columns of cells at x and y."""

    x: float
    y: float
    size: float
    """The side of a cell."""
    rows: GridAxis
    columns: GridAxis

    @property
    def right(self) -> float:
        return self.x + self.columns.cells * self.size

    @property
    def bottom(self) -> float:
        return self.y + self.rows.cells * self.size

    @property
    def is_shortened(self) -> bool:
        return any(axis.resume > axis.gap for axis in (self.rows, self.columns))

    def spot(self, row: int, column: int) -> Spot:
        """The upper left corner of a cell."""
        return Spot(self.x + self.columns.at(column) * self.size, self.y + self.rows.at(row) * self.size)

    def area(self, rows: tuple[int, int], columns: tuple[int, int], paint: Paint) -> Rectangle:
        """The cells from the first to the last row and column, the last ones exclusive."""
        x, y = self.spot(rows[0], columns[0])
        right, bottom = self.spot(rows[1] - 1, columns[1] - 1)
        return Rectangle(x, y, right + self.size - x, bottom + self.size - y, paint)

    def cell(self, row: int, column: int, paint: Paint) -> Rectangle:
        return self.area((row, row + 1), (column, column + 1), paint)

    def shapes(
        self, rows: int, columns: int, unused: tuple[Sequence[int], Sequence[int]] = ((), ())
    ) -> Iterator[Drawn]:
        """The padding, the real cells, those that are unused, the lines between cells, and what is left out."""
        everything = (self.rows.low, self.rows.high), (self.columns.low, self.columns.high)
        yield self.area(*everything, Paint("padding", "padding.line", 1.0, "dashed"))
        yield self.area((0, rows), (0, columns), Paint("input"))
        for row in set(unused[0]) & set(self.rows.drawn):
            yield self.area((row, row + 1), (0, columns), Paint("unused"))
        for column in set(unused[1]) & set(self.columns.drawn):
            yield self.area((0, rows), (column, column + 1), Paint("unused"))
        yield from self._lines()
        yield self.area((0, rows), (0, columns), Paint(None, "input.line", 1.5))
        yield from self._gaps()

    def _lines(self) -> Iterator[Drawn]:
        paint = Paint(None, "frame.line", 0.7)
        for column in range(1, self.columns.cells):
            x = self.x + column * self.size
            yield Curve(Spot(x, self.y), ((Spot(x, self.bottom),),), paint)
        for row in range(1, self.rows.cells):
            y = self.y + row * self.size
            yield Curve(Spot(self.x, y), ((Spot(self.right, y),),), paint)

    def _gaps(self) -> Iterator[Drawn]:
        """A blank strip for the positions that are left out, with dots at a quarter of its length."""
        for axis, across in ((self.columns, False), (self.rows, True)):
            if axis.resume == axis.gap:
                continue
            start = (axis.gap - axis.low) * self.size
            middle = start + self.size / 2
            if across:
                yield Rectangle(self.x - 2.0, self.y + start, self.right - self.x + 4.0, self.size, Paint("paper"))
                yield Label((3 * self.x + self.right) / 4, self.y + middle + 4.0, "⋮", 12.0, "muted", "middle")
            else:
                yield Rectangle(self.x + start, self.y - 2.0, self.size, self.bottom - self.y + 4.0, Paint("paper"))
                yield Label(self.x + middle, (3 * self.y + self.bottom) / 4, "⋯", 12.0, "muted", "middle")

    def numbers(self, values: Sequence[Sequence[float]] | None) -> Iterator[Drawn]:
        """The numbers in the real cells, where they fit."""
        if values is None or sum(map(len, values)) > MOST_NUMBERS or self.size < 14.0:
            return
        for row, line in enumerate(values):
            for column, value in enumerate(line):
                x, y = self.spot(row, column)
                text = decimal(value, 3)
                size = min(11.0, self.size * 1.3 / max(len(text), 2))
                yield Label(x + self.size / 2, y + self.size / 2 + size * 0.35, text, size, anchor="middle")
