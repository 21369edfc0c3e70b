"""Boxes with their texts: the size that a box needs, and its shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from cnncalc.drawing.captions import caption
from cnncalc.drawing.diagram import Box
from cnncalc.drawing.nesting import Area
from cnncalc.drawing.palette import family_colour
from cnncalc.drawing.picture import Drawn, Group, Label, Paint, Rectangle
from cnncalc.drawing.text_width import shortened, text_width
from cnncalc.number_text import plural, short, show_shape, thousands

TITLE_SIZE, TEXT_SIZE = 12.0, 11.0
LINE = 15.0
PADDING = 10.0
NARROWEST, WIDEST = 110.0, 240.0

COLUMNS: Mapping[str, Callable[[Box], str]] = {
    "params": lambda box: _sum(box, "params", "params"),
    "macs": lambda box: _sum(box, "macs", "MACs"),
    "flops": lambda box: _sum(box, "flops", "FLOPs"),
    "field": lambda box: _field(box),
}
"""The figures that a box can show beside its shape."""


def _sum(box: Box, figure: str, unit: str) -> str:
    total = sum(getattr(layer.figures, figure) for layer in box.layers) * box.times
    return f"{short(total) if total >= 1_000_000 else thousands(total)} {unit}" if total else ""


def _field(box: Box) -> str:
    seen = box.layers[-1].figures.receptive_field if box.layers else None
    return f"sees {show_shape(seen, times='×')}" if seen else ""


def box_lines(box: Box, columns: tuple[str, ...]) -> list[str]:
    """The lines under a box's title: what it does, what joins it, whose weights it uses, its shape and figures."""
    if box.folded:
        lines = [plural(len(box.layers), "layer")]
        shared = sum(layer.figures.shares_with is not None for layer in box.layers)
        if shared:
            lines.append(f"{shared} with shared weights")
    else:
        lines = [caption(box.layers[0])] if box.layers else []
        joined = [layer.type for drawn in box.layers for layer in (drawn.layer, drawn.activation) if layer][1:]
        if joined:
            lines.append("+ " + ", ".join(joined))
        owner = box.layers[0].figures.shares_with if box.layers else None
        if owner:
            lines.append(f"weights of {owner}")
    figures = [text for column in columns if (text := COLUMNS[column](box))]
    shape = [show_shape(box.shape, times="×")] if box.shows_shape else []
    last = [" ".join(["output", *shape])] if box.is_output else shape
    return [*lines, *filter(None, [" · ".join([*last, *figures])])]


def box_title(box: Box) -> str:
    return f"{box.title} ×{box.times}" if box.times > 1 else box.title


def box_width(boxes: Iterable[Box], columns: tuple[str, ...]) -> float:
    """The common width of the boxes of a picture."""
    widths = [NARROWEST]
    for box in boxes:
        widths += [text_width(line, TEXT_SIZE) for line in box_lines(box, columns)]
        widths.append(text_width(box_title(box), TITLE_SIZE, bold=True))
    return min(max(widths) + 2 * PADDING, WIDEST)


def box_height(box: Box, columns: tuple[str, ...]) -> float:
    return LINE * (len(box_lines(box, columns)) + 1) + PADDING


def draw_box(box: Box, area: Area, columns: tuple[str, ...]) -> Group:
    """The shapes of a box."""
    colour = box_colour(box)
    paint = Paint(colour, f"{colour}.line", 2.4 if box.is_output else 1.2)
    shapes: list[Drawn] = []
    if box.times > 1:
        shapes += [
            Rectangle(area.x + 2 * step, area.y - 2 * step, area.width, area.height, paint, 5.0) for step in (2, 1)
        ]
    radius = 5.0 if box.layers else area.height / 2
    shapes.append(Rectangle(area.x, area.y, area.width, area.height, paint, radius))
    middle, y = area.x + area.width / 2, area.y + LINE
    room = area.width - PADDING
    lines = box_lines(box, columns)
    title = shortened(box_title(box), TITLE_SIZE * 1.13, room)
    shapes.append(Label(middle, y, title, TITLE_SIZE, anchor="middle", bold=True))
    for number, line in enumerate(lines, 1):
        tone = "ink" if number == 1 and box.layers else "muted"
        shapes.append(Label(middle, y + number * LINE, shortened(line, TEXT_SIZE, room), TEXT_SIZE, tone, "middle"))
    return Group(tuple(shapes), box.key, description(box))


def box_colour(box: Box) -> str:
    if box.folded:
        return "block"
    return family_colour(box.layers[0].layer.family) if box.layers else "input"


def description(box: Box) -> str:
    """The description of a box for screen readers."""
    lines = box_lines(box, ("params", "macs"))
    return ", ".join((box_title(box) if box.folded or not box.layers else box.key, *lines))
