"""The receptive field of one output position: what it reads of every tensor, down to the input, to scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cnncalc.analysis.report import LayerReport
from cnncalc.drawing.funnel import TensorSpan
from cnncalc.drawing.picture import Curve, Drawn, Label, Paint, Picture, Polygon, Rectangle, Spot
from cnncalc.drawing.text_width import shortened, text_width
from cnncalc.number_text import plural, show_shape

MARGIN = 24.0
TITLE_SIZE, TEXT_SIZE = 15.0, 11.0
BAND, GAP = 14.0, 24.0
WIDTH = 560.0
"""The width of a whole tensor with its padding."""
NAMES = 190.0
"""The room for the names on the left."""
FINEST = 6.0
"""The narrowest positions that are drawn one by one."""
MOST_ROWS = 60


def draw(target: LayerReport, readings: Sequence[TensorSpan]) -> Picture:
    """The picture of a funnel, the input at the bottom, without layers that read the same positions as the next."""
    rows = _rows(readings)
    low = min(min(row.low / max(row.size, 1) for row in rows), 0.0)
    high = max(max(max(row.high, row.beside[1] if row.beside else 0) / max(row.size, 1) for row in rows), 1.0)
    unit = WIDTH / (high - low)
    left = MARGIN + NAMES - low * unit
    top = MARGIN + 62.0
    heights = {id(row.node): top + (len(rows) - 1 - number) * (BAND + GAP) for number, row in enumerate(rows)}
    shapes: list[Drawn] = list(_heading(target, rows))
    for row in rows:
        shapes += _cone(row, readings, heights, left, unit)
    for row in rows:
        shapes += _band(row, heights[id(row.node)], left, unit)
    numbers = max(text_width(_numbers(row), TEXT_SIZE) for row in rows)
    width = max(MARGIN + NAMES + WIDTH + 14.0 + numbers, _widest(shapes)) + MARGIN
    height = top + len(rows) * (BAND + GAP)
    seen = show_shape(target.receptive_field or (), times="×") if target.receptive_field else "not defined"
    return Picture(width, height, tuple(shapes), target.name, f"The receptive field of {target.name}: {seen}.")


def _rows(readings: Sequence[TensorSpan]) -> list[TensorSpan]:
    """The readings to show: inputs, the target, and those that differ from what the layers after them read."""
    users: dict[int, list[TensorSpan]] = {}
    for reading in readings:
        for source in reading.inputs:
            users.setdefault(source, []).append(reading)
    rows = [
        reading
        for place, reading in enumerate(readings)
        if place not in users or any(_differs(reading, user) for user in users[place]) or reading.node.layer is None
    ]
    return rows if len(rows) <= MOST_ROWS else [*rows[: MOST_ROWS // 2], *rows[-MOST_ROWS // 2 :]]


def _differs(one: TensorSpan, other: TensorSpan) -> bool:
    return (one.size, one.low, one.high) != (other.size, other.low, other.high)


def _heading(target: LayerReport, rows: Sequence[TensorSpan]) -> Iterator[Drawn]:
    field, stride = target.receptive_field, target.effective_stride
    yield Label(MARGIN, MARGIN + 10.0, f"What one position of {target.name} sees", TITLE_SIZE, bold=True)
    seen = f"receptive field {show_shape(field, times='×')}" if field else "the receptive field is not defined"
    steps = f", effective stride {show_shape(stride, times='×')}" if stride else ""
    yield Label(MARGIN, MARGIN + 29.0, f"{seen}{steps}", TEXT_SIZE, "muted")
    next_one = "; dashed: for the next position" if rows[-1].beside else ""
    axis = f"along the last axis, for position {rows[-1].low} of {rows[-1].size}{next_one}"
    yield Label(MARGIN, MARGIN + 45.0, axis, TEXT_SIZE, "muted")


def _numbers(row: TensorSpan) -> str:
    inside = min(row.high, row.size) - max(row.low, 0)
    padding = row.high - row.low - inside
    text = f"{inside} of {plural(row.size, 'position')}"
    return f"{text} and {padding} of padding" if padding else text


def _band(row: TensorSpan, y: float, left: float, unit: float) -> Iterator[Drawn]:
    """A tensor as a band, with the positions that are read."""
    cell = unit / max(row.size, 1)
    yield Rectangle(left, y, unit, BAND, Paint("input", "input.line", 1.0))
    start, width = left + row.low * cell, (row.high - row.low) * cell
    if cell >= FINEST:
        for place in range(1, row.size):
            x = left + place * cell
            yield Curve(Spot(x, y), ((Spot(x, y + BAND),),), Paint(None, "frame.line", 0.7))
    yield Rectangle(start, y, max(width, 1.0), BAND, Paint("window", "window.line", 1.2))
    if row.beside is not None and row.beside != (row.low, row.high):
        next_start, next_width = left + row.beside[0] * cell, (row.beside[1] - row.beside[0]) * cell
        yield Rectangle(next_start, y, next_width, BAND, Paint(None, "window.line", 1.2, "dashed"))
    centre = start + width / 2
    yield Curve(Spot(centre, y), ((Spot(centre, y + BAND),),), Paint(None, "marked", 1.2))
    name = shortened(row.node.name, TEXT_SIZE, NAMES - 10.0)
    yield Label(MARGIN, y + BAND - 3.0, name, TEXT_SIZE, bold=False)
    yield Label(MARGIN + NAMES + WIDTH + 14.0, y + BAND - 3.0, _numbers(row), TEXT_SIZE, "muted")


def _cone(
    row: TensorSpan, readings: Sequence[TensorSpan], heights: dict[int, float], left: float, unit: float
) -> Iterator[Drawn]:
    """The lines from what is read of a tensor down to what is read of the tensors before it."""
    y = heights[id(row.node)] + BAND
    cell = unit / max(row.size, 1)
    for source in _shown(row, readings, heights):
        below, down = unit / max(source.size, 1), heights[id(source.node)]
        upper = Spot(left + row.low * cell, y), Spot(left + row.high * cell, y)
        lower = Spot(left + source.high * below, down), Spot(left + source.low * below, down)
        yield Polygon((*upper, *lower), Paint("frame", "window.line", 0.6, "dotted"))


def _shown(row: TensorSpan, readings: Sequence[TensorSpan], heights: dict[int, float]) -> list[TensorSpan]:
    """The nearest readings before a row that have a band of their own."""
    found: list[TensorSpan] = []
    waiting = list(row.inputs)
    seen: set[int] = set()
    while waiting:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        if id(readings[place].node) in heights:
            found.append(readings[place])
        else:
            waiting += readings[place].inputs
    return found


def _widest(shapes: Sequence[Drawn]) -> float:
    return max(
        (shape.x + text_width(shape.text, shape.size, bold=shape.bold) for shape in shapes if isinstance(shape, Label)),
        default=0.0,
    )
