"""The window of one layer on its grid: padding, kernel with dilation, steps of the stride, unused positions.

The window of a convolution or a pool moves on the input; that of a transposed convolution moves on the output.
"""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.analysis.explanation import Explanation
from cnncalc.drawing.grids import ROOM, CellGrid, GridAxis, cell_size, grid_axis
from cnncalc.drawing.picture import Curve, Dash, Drawn, Label, Moving, Paint, Picture, Spot, extremes, flattened
from cnncalc.drawing.sliding import AxisSteps, GridSteps
from cnncalc.drawing.text_width import text_width
from cnncalc.number_text import show_shape

MARGIN = 24.0
TITLE_SIZE, TEXT_SIZE = 15.0, 12.0
GAP = 56.0
COMPACT_ROOM = 165.0
SHOWN = 14
"""Positions at the beginning of a long axis; half as many are shown at its end."""
SECONDS = 0.7
MOST_PLACES = 400
"""The largest number of places that an animation visits."""

CellValues = tuple[tuple[float, ...], ...]
"""Numbers of a grid by row and column."""


class GridValues(NamedTuple):
    """The numbers in the cells of the two grids, of one channel each."""

    moving: CellValues | None = None
    other: CellValues | None = None


def draw(
    explanation: Explanation, steps: GridSteps, values: GridValues, *, animate: bool, compact: bool = False
) -> Picture:
    """The picture of a layer's window. `animate` moves it over all positions, row by row.

    A compact picture is the grids alone, for a page that has the name and the working beside them.
    """
    rows, columns = row_and_column(steps)
    heading, top = ([], 0.0) if compact else _heading(explanation)
    names = _names(steps, explanation, compact=compact)
    moving, other = _grids(steps, (rows, columns), names[0], top + 24.0, COMPACT_ROOM if compact else ROOM)
    shapes: list[Drawn] = [*heading]
    shapes += [
        Label(grid.x, grid.y - 8.0, name, TEXT_SIZE, bold=True)
        for grid, name in zip(sorted((moving, other), key=lambda grid: grid.x), names, strict=True)
    ]
    shapes += moving.shapes(rows.size, columns.size, unused=(rows.unused, columns.unused))
    shapes += other.shapes(len(rows.windows), len(columns.windows))
    shapes += _windows(steps, moving, other, animate=animate)
    shapes += [*moving.numbers(values.moving), *other.numbers(values.other)]
    bottom = max(moving.bottom, other.bottom) + 32.0
    notes = [] if compact else [note[:1].upper() + note[1:] for note in (*explanation.coverage, *explanation.field)]
    shapes += [Label(MARGIN, bottom + 16.0 * number, note, 11.0, "muted") for number, note in enumerate(notes)]
    width = max(spot.x for shape in flattened(shapes) for spot in extremes(shape)) + MARGIN
    return Picture(width, bottom + 16.0 * len(notes) + 4.0, tuple(shapes), explanation.name, _description(explanation))


def row_and_column(steps: GridSteps) -> tuple[AxisSteps, AxisSteps]:
    """The two axes; a sequence has one row."""
    if len(steps.axes) == 1:
        return AxisSteps(1, ((0,),), 0, 1), steps.axes[0]
    return steps.axes[0], steps.axes[1]


def _grids(
    steps: GridSteps, axes: tuple[AxisSteps, AxisSteps], name: str, top: float, room: float
) -> tuple[CellGrid, CellGrid]:
    """The grid on which the windows move and the other one; that of the input is on the left, under its name."""
    places = [*map(grid_axis_of, axes), *map(_step_axis, axes)]
    size = cell_size(places, room)
    moving, other = CellGrid(MARGIN, top, size, *places[:2]), CellGrid(MARGIN, top, size, *places[2:])
    named = MARGIN + text_width(name, TEXT_SIZE, bold=True) + 16.0
    if steps.on_input:
        return moving, other._replace(x=max(moving.right + GAP, named))
    return moving._replace(x=max(other.right + GAP, named)), other


def grid_axis_of(axis: AxisSteps) -> GridAxis:
    """The positions of the windows: at least the first two windows and the last one."""
    beginning = max(SHOWN, *(window[-1] + 3 for window in axis.windows[:2] if window))
    last = axis.windows[-1]
    return grid_axis(axis.low, axis.high, beginning, min(axis.high - SHOWN // 2, last[0] - 2 if last else axis.high))


def _step_axis(axis: AxisSteps) -> GridAxis:
    """The other grid's positions, one for each window."""
    return grid_axis(0, len(axis.windows), SHOWN, len(axis.windows) - SHOWN // 2)


def _heading(explanation: Explanation) -> tuple[list[Drawn], float]:
    """The name of the layer and the derivation of its output size; and where they end."""
    settings = ", ".join(f"{name} {value}" for name, value in explanation.fields)
    lines = [f"{explanation.type} {settings}".strip()]
    for size in explanation.sizes:
        if size.derivation is not None and size.axes != ("channels",):
            written = size.derivation.text
            lines.append(f"{' and '.join(size.axes)}: O = {' = '.join([written.formula, *written.steps])}")
    shapes: list[Drawn] = [Label(MARGIN, MARGIN + 10.0, explanation.name, TITLE_SIZE, bold=True)]
    y = MARGIN + 10.0
    for line in lines:
        y += 18.0
        shapes.append(Label(MARGIN, y, line, TEXT_SIZE, "muted"))
    return shapes, y + 12.0


def _names(steps: GridSteps, explanation: Explanation, *, compact: bool) -> tuple[str, str]:
    """The names of the input's and the output's grid with their sizes, without channels if compact."""
    given, made = explanation.inputs[0], explanation.output
    if compact:
        sizes = tuple(axis.size for axis in steps.axes), tuple(len(axis.windows) for axis in steps.axes)
        given, made = sizes if steps.on_input else sizes[::-1]
    return f"input {show_shape(given, times='×')}", f"output {show_shape(made, times='×')}"


def _windows(steps: GridSteps, moving: CellGrid, other: CellGrid, *, animate: bool) -> list[Drawn]:
    """The window at its first position, filled; and the next one and the last one in outline, or all in turn."""
    rows, columns = row_and_column(steps)
    first = filled_window(rows.windows[0], columns.windows[0], moving)
    cell = other.cell(0, 0, Paint("window", "window.line", 1.5))
    places = _places(rows, columns)
    if (
        animate
        and not moving.is_shortened
        and not other.is_shortened
        and _is_rigid(rows)
        and _is_rigid(columns)
        and 1 < len(places) <= MOST_PLACES
    ):
        start = Spot(*_corner(rows.windows[0], columns.windows[0]))
        shifts = [_corner(rows.windows[row], columns.windows[column]) for row, column in places]
        on_moving = tuple(Spot((x - start.x) * moving.size, (y - start.y) * moving.size) for x, y in shifts)
        on_other = tuple(Spot(column * other.size, row * other.size) for row, column in places)
        return [Moving(tuple(first), on_moving, SECONDS), Moving((cell,), on_other, SECONDS)]
    shapes: list[Drawn] = [*first, cell]
    if len(columns.windows) > 1:
        shapes += outlined_window(rows.windows[0], columns.windows[1], moving, "dashed")
        shapes.append(other.cell(0, 1, Paint(None, "window.line", 1.5, "dashed")))
        shapes += step_arrow(rows, columns, moving)
    if len(columns.windows) > 2 or len(rows.windows) > 1:
        shapes += outlined_window(rows.windows[-1], columns.windows[-1], moving, "dotted")
        shapes.append(
            other.cell(len(rows.windows) - 1, len(columns.windows) - 1, Paint(None, "window.line", 1.5, "dotted"))
        )
    return shapes


def _places(rows: AxisSteps, columns: AxisSteps) -> list[tuple[int, int]]:
    return [(row, column) for row in range(len(rows.windows)) for column in range(len(columns.windows))]


def _is_rigid(axis: AxisSteps) -> bool:
    """Whether all windows are the first one, moved."""
    return len({tuple(position - window[0] for position in window) for window in axis.windows if window}) == 1 and all(
        axis.windows
    )


def _corner(row: tuple[int, ...], column: tuple[int, ...]) -> tuple[float, float]:
    return float(column[0]), float(row[0])


def filled_window(row: tuple[int, ...], column: tuple[int, ...], grid: CellGrid) -> list[Drawn]:
    """The cells of a window, filled, and its outline."""
    cells: list[Drawn] = [grid.cell(y, x, Paint("window", "window.line", 0.6)) for y in row for x in column]
    return cells + outlined_window(row, column, grid, "")


def outlined_window(row: tuple[int, ...], column: tuple[int, ...], grid: CellGrid, dash: Dash) -> list[Drawn]:
    if not row or not column:
        return []
    return [grid.area((row[0], row[-1] + 1), (column[0], column[-1] + 1), Paint(None, "window.line", 2.0, dash))]


def step_arrow(rows: AxisSteps, columns: AxisSteps, grid: CellGrid) -> list[Drawn]:
    """An arrow under the grid from the first window to the next, with the stride."""
    first, second = columns.windows[0], columns.windows[1]
    if not first or not second or second[0] == first[0]:
        return []
    y = grid.bottom + 9.0
    start, end = grid.spot(0, first[0])[0], grid.spot(0, second[0])[0]
    arrow = Curve(Spot(start, y), ((Spot(end, y),),), Paint(None, "window.line", 1.5), arrow=True)
    step = second[0] - first[0]
    return [arrow, Label(end + 6.0, y + 4.0, f"step {step}", 10.0, "muted")]


def _description(explanation: Explanation) -> str:
    shapes = show_shape(explanation.inputs[0], times="×"), show_shape(explanation.output, times="×")
    return f"The window of {explanation.name}, {explanation.type}, from {shapes[0]} to {shapes[1]}."
