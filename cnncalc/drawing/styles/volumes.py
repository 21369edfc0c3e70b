"""The volumes of a model side by side, as in lectures: every tensor to scale, kernels, bars for vectors, skips as arcs.

A model that goes down in resolution and up again is drawn as a U, its levels under each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cnncalc.analysis.report import Report
from cnncalc.drawing.boxes import box_colour, description
from cnncalc.drawing.diagram import Box, Diagram
from cnncalc.drawing.picture import (
    Circle,
    Drawn,
    Group,
    Label,
    Paint,
    Picture,
    Rectangle,
    Spot,
    extremes,
    flattened,
    moved,
)
from cnncalc.drawing.repeat_brackets import repeat_brackets
from cnncalc.drawing.solids import RulerScale
from cnncalc.drawing.text_width import shortened
from cnncalc.drawing.volume_edges import Connections, kernel_shapes
from cnncalc.drawing.volume_places import (
    FIRST_LINE,
    LINE,
    MARGIN,
    POINT,
    ROOM,
    SUMS,
    TEXT_SIZE,
    PlacedVolume,
    labels,
    place,
    ruler_of,
    stops,
)
from cnncalc.number_text import show_shape, thousands

PAGE = 40
"""The number of volumes that fit on a page."""
TITLE_SIZE = 15.0


def draw(diagram: Diagram, report: Report, *, scale: RulerScale = "log") -> Picture:
    """The picture of a diagram whose boxes are the volumes; heights and thicknesses on a `scale`."""
    places = stops(diagram, report)
    shapes = _shapes(diagram, places, scale)
    heading = [
        Label(MARGIN, MARGIN + 8.0, report.name or "model", TITLE_SIZE, bold=True),
        Label(MARGIN, MARGIN + 25.0, f"{thousands(report.totals.params)} parameters", 11.0, "muted"),
    ]
    spots = [spot for shape in flattened(shapes) for spot in extremes(shape)]
    down = MARGIN + 46.0 - min(spot.y for spot in spots)
    width = max(spot.x for spot in (*spots, *(spot for label in heading for spot in extremes(label)))) + MARGIN
    height = max(spot.y for spot in spots) + down + MARGIN
    placed = [moved(shape, 0.0, down) for shape in shapes]
    return Picture(width, height, (*heading, *placed), report.name or "model", _description(report, scale))


def _shapes(diagram: Diagram, places: Mapping[Box, PlacedVolume], scale: RulerScale) -> list[Drawn]:
    """Lines first, then each volume with the kernels on its side, which the next volumes may cover; brackets last."""
    edges = [(places[edge.tail], places[edge.head]) for edge in diagram.edges]
    found = list(places.values())
    ruler = ruler_of(found, scale)
    columns = place(found, ruler, [tail for tail, head in edges if head.column - tail.column > 1])
    shapes = Connections(found, columns).lines(edges)
    for stop in sorted(found, key=lambda stop: stop.column):
        shapes.append(_drawn(stop))
        shapes += [kernel for tail, head in edges if tail is stop for kernel in kernel_shapes(tail, head, ruler)]
    bottom = max(spot.y for shape in flattened(shapes) for spot in extremes(shape))
    return [*shapes, *repeat_brackets(diagram, places, columns, bottom + 12.0)]


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
    *words, shape = labels(stop) or [""]
    for number, line in enumerate([*words, shape] if words else ()):
        text = shortened(line, TEXT_SIZE, ROOM)
        tone = "muted" if line is shape else "ink"
        shapes.append(Label(middle, body.bottom + FIRST_LINE + LINE * number, text, TEXT_SIZE, tone, "middle"))
    return Group(tuple(shapes), stop.box.key, description(stop.box))


def _point(stop: PlacedVolume, colour: str) -> Iterator[Drawn]:
    centre = Spot(stop.body.x + POINT, stop.body.y + POINT)
    yield Circle(centre, POINT, Paint(colour, f"{colour}.line", 1.2))
    sign = SUMS[stop.box.main.layer.type] if stop.box.main else ""
    yield Label(centre.x, centre.y + 4.5, sign, 13.0, "ink", "middle")
