"""Pictures for questions: a layer's window, or the layers of a model, without any figure that follows from them."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.drawing.boxes import draw_box
from cnncalc.drawing.diagram import Box, Diagram
from cnncalc.drawing.grids import CellGrid, cell_size
from cnncalc.drawing.picture import Drawn, Group, Label, Paint, Picture, extremes, flattened, moved
from cnncalc.drawing.sliding import AxisSteps, GridSteps
from cnncalc.drawing.styles.graph import arranged, draw_edge, draw_frame
from cnncalc.drawing.styles.window import (
    GAP,
    MARGIN,
    TEXT_SIZE,
    CellValues,
    filled_window,
    grid_axis_of,
    outlined_window,
    row_and_column,
    step_arrow,
)
from cnncalc.number_text import show_shape

ROOM = 240.0
"""The room for a grid along its longer side."""


def window_question(steps: GridSteps, values: CellValues | None = None) -> Picture:
    """The input's grid with the first two windows; of a transposed convolution, also the output that these two reach.

    `values` are the numbers in the cells of the input.
    """
    axes = row_and_column(steps)
    if steps.on_input:
        places = [*map(grid_axis_of, axes)]
        grid = CellGrid(MARGIN, MARGIN + 12.0, cell_size(places, ROOM), places[0], places[1])
        shapes = [
            _name(grid, f"input {_sizes(steps, [axis.size for axis in axes])}"),
            *grid.shapes(axes[0].size, axes[1].size),
            *_two_windows(axes, grid),
            *grid.numbers(values),
        ]
    else:
        shapes = [*_scattered(steps, axes, values)]
    right = max(spot.x for shape in flattened(shapes) for spot in extremes(shape))
    bottom = max(spot.y for shape in flattened(shapes) for spot in extremes(shape))
    return Picture(right + MARGIN, bottom + MARGIN, tuple(shapes), "window", "The first two positions of the window.")


def _scattered(steps: GridSteps, axes: tuple[AxisSteps, AxisSteps], values: CellValues | None) -> Iterator[Drawn]:
    """The input with its first two positions, and the beginning of the output with their windows."""
    sizes = [len(axis.windows) for axis in axes]
    inputs = [grid_axis_of(AxisSteps(size, tuple((place,) for place in range(size)), 0, size)) for size in sizes]
    reached = tuple(map(_reached, axes))
    outputs = [grid_axis_of(axis) for axis in reached]
    size = cell_size([*inputs, *outputs], ROOM)
    left = CellGrid(MARGIN, MARGIN + 12.0, size, inputs[0], inputs[1])
    name = _name(left, f"input {_sizes(steps, sizes)}")
    start = max(left.right, *(spot.x for spot in extremes(name))) + GAP
    right = CellGrid(start, left.y, size, outputs[0], outputs[1])
    yield from (name, _name(right, "output, beginning"))
    yield from left.shapes(sizes[0], sizes[1])
    yield left.cell(0, 0, Paint("window", "window.line", 1.5))
    if sizes[1] > 1:
        yield left.cell(0, 1, Paint(None, "window.line", 1.5, "dashed"))
    yield from left.numbers(values)
    yield from right.shapes(reached[0].size, reached[1].size)
    yield from _two_windows((reached[0], reached[1]), right)


def _reached(axis: AxisSteps) -> AxisSteps:
    """The part of an output's axis that the first two windows reach."""
    windows = axis.windows[:2]
    end = max((window[-1] + 1 for window in windows if window), default=1)
    return AxisSteps(min(axis.size, max(end, 1)), windows, axis.low, max(end, 1))


def _two_windows(axes: tuple[AxisSteps, AxisSteps], grid: CellGrid) -> Iterator[Drawn]:
    rows, columns = axes
    yield from filled_window(rows.windows[0], columns.windows[0], grid)
    if len(columns.windows) > 1:
        yield from outlined_window(rows.windows[0], columns.windows[1], grid, "dashed")
        yield from step_arrow(rows, columns, grid)


def _name(grid: CellGrid, text: str) -> Label:
    return Label(grid.x, grid.y - 8.0, text, TEXT_SIZE, bold=True)


def _sizes(steps: GridSteps, sizes: list[int]) -> str:
    """The sizes of the axes that the picture shows; a sequence has one."""
    return show_shape(tuple(sizes[-len(steps.axes) :]), times="×")


def graph_question(diagram: Diagram) -> Picture:
    """The boxes of a model with what they do; only those of its inputs have their shapes."""
    for box in diagram.root.boxes():
        box.shows_shape = not box.layers
    placed = arranged(diagram)
    shapes: list[Drawn] = [draw_frame(frame, area) for frame, area in placed.frames.items()]
    shapes += [draw_edge(route, down=True) for route in placed.routes.values()]
    shapes += [_plain(box, draw_box(box, area, ())) for box, area in placed.boxes.items()]
    everything = tuple(moved(shape, MARGIN, MARGIN) for shape in shapes)
    return Picture(
        placed.width + 2 * MARGIN, placed.height + 2 * MARGIN, everything, "network", "The layers of the network."
    )


def _plain(box: Box, group: Group) -> Group:
    """The group of a box without the figures in its description."""
    return Group(group.shapes, group.key, box.title)
