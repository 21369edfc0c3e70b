"""The volumes of a model side by side, as in lectures: every tensor to scale, kernels, bars for vectors, skips as arcs.

A model that goes down in resolution and up again is drawn as a U, its levels under each other.
"""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.report import Report
from cnncalc.drawing.boxes import box_colour, description
from cnncalc.drawing.diagram import Diagram
from cnncalc.drawing.picture import Circle, Drawn, Group, Label, Paint, Picture, Rectangle, Spot, extremes, moved
from cnncalc.drawing.solids import RulerScale
from cnncalc.drawing.text_width import shortened
from cnncalc.drawing.volume_edges import edge_shapes
from cnncalc.drawing.volume_places import (
    LABELS, MARGIN, POINT, ROOM, TEXT_SIZE, PlacedVolume, labels, place, ruler_of, stops,
)  # fmt: skip
from cnncalc.number_text import show_shape, thousands

PAGE = 40
"""The number of volumes that fit on a page."""
TITLE_SIZE = 15.0


def draw(diagram: Diagram, report: Report, *, scale: RulerScale = "log") -> Picture:
    """The picture of a diagram whose boxes are the volumes; heights and thicknesses on a `scale`."""
    places = stops(diagram, report)
    ruler = ruler_of(list(places.values()), scale)
    place(list(places.values()), ruler)
    shapes = [shape for edge in diagram.edges for shape in edge_shapes(places[edge.tail], places[edge.head], ruler)]
    shapes += [_drawn(stop) for stop in sorted(places.values(), key=lambda stop: stop.column)]
    top = min(min(_highest(shape) for shape in shapes), 0.0)
    heading = [
        Label(MARGIN, MARGIN + 8.0, report.name or "model", TITLE_SIZE, bold=True),
        Label(MARGIN, MARGIN + 25.0, f"{thousands(report.totals.params)} parameters", 11.0, "muted"),
    ]
    down = MARGIN + 46.0 - top
    width = max(stop.body.right for stop in places.values()) + ROOM / 2 + MARGIN
    height = max(stop.body.bottom for stop in places.values()) + LABELS + down + MARGIN
    placed = [moved(shape, 0.0, down) for shape in shapes]
    return Picture(max(width, 240.0), height, (*heading, *placed), report.name or "model", _description(report, scale))


def _description(report: Report, scale: RulerScale) -> str:
    shapes = [show_shape(tensor.shape, times="×") for tensor in (*report.inputs, *report.outputs)]
    return f"The tensors of the model as volumes, heights and channels on a {scale} scale, from {' to '.join(shapes)}."


def _drawn(stop: PlacedVolume) -> Group:
    """The shapes of a stop with its labels underneath."""
    colour, body = box_colour(stop.box), stop.body
    shapes: list[Drawn]
    if stop.is_point:
        shapes = list(_point(stop, colour))
    elif stop.is_bar:
        paint = Paint(colour, f"{colour}.line", 1.2)
        shapes = [Rectangle(body.x, body.y, body.thickness, body.height, paint, 2.0)]
    else:
        shapes = list(body.shapes(colour))
    middle = (body.x + body.right) / 2
    for number, line in enumerate(labels(stop)):
        text = shortened(line, TEXT_SIZE, ROOM)
        tone = "ink" if number == 0 else "muted"
        shapes.append(Label(middle, body.bottom + 14.0 + 13.0 * number, text, TEXT_SIZE, tone, "middle"))
    return Group(tuple(shapes), stop.box.key, description(stop.box))


def _point(stop: PlacedVolume, colour: str) -> Iterator[Drawn]:
    centre = Spot(stop.body.x + POINT, stop.body.y + POINT)
    yield Circle(centre, POINT, Paint(colour, f"{colour}.line", 1.2))
    sign = "×" if stop.box.main is not None and stop.box.main.layer.type == "multiply" else "+"
    yield Label(centre.x, centre.y + 4.5, sign, 13.0, "ink", "middle")


def _highest(shape: Drawn) -> float:
    """The smallest y of a shape."""
    picture = Picture(0.0, 0.0, (shape,), "")
    return min(y for part in picture.flat() for _, y in extremes(part))
