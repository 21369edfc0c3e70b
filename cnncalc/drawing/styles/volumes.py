"""The volumes of a model side by side, as in lectures: every tensor to scale, kernels, bars for vectors, skips as arcs.

A model that goes down in resolution and up again is drawn as a U, its levels under each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log2

from cnncalc.analysis.report import Report
from cnncalc.drawing.boxes import box_colour, box_title, description
from cnncalc.drawing.captions import window_caption
from cnncalc.drawing.diagram import Box, Diagram
from cnncalc.drawing.layout.network import Link, LinkedNodes, NodeSize
from cnncalc.drawing.layout.ranks import ranks
from cnncalc.drawing.picture import Circle, Curve, Drawn, Group, Label, Paint, Picture, Rectangle, Spot, extremes, moved
from cnncalc.drawing.solids import Ruler, RulerScale, Solid, VolumeSizes, sizes_of, solid
from cnncalc.drawing.text_width import shortened, text_width
from cnncalc.number_text import show_shape, thousands

PAGE = 40
"""The number of volumes that fit on a page."""
MARGIN = 24.0
TITLE_SIZE, TEXT_SIZE = 15.0, 10.0
GAP = 24.0
ROOM = 100.0
"""The room for a label, across."""
LABELS = 3 * 13.0
"""The room for the labels under a volume."""
BAR, POINT = 12.0, 9.0
SUMS = ("add", "multiply", "subtract", "average")
"""Merges that keep the shape, drawn as points."""


NOWHERE = Solid(0.0, 0.0, 0.0, 0.0, 0.0)


@dataclass(eq=False)
class PlacedVolume:
    """A box with its place: a volume, a bar for a vector, or a point for a sum."""

    box: Box
    sizes: VolumeSizes
    column: int
    level: int = 0
    is_in_u: bool = False
    body: Solid = NOWHERE

    @property
    def is_point(self) -> bool:
        return self.box.main is not None and self.box.main.layer.type in SUMS

    @property
    def is_bar(self) -> bool:
        return self.sizes.height == 0


def draw(diagram: Diagram, report: Report, *, scale: RulerScale = "log") -> Picture:
    """The picture of a diagram whose boxes are the volumes; heights and thicknesses on a `scale`."""
    places = stops(diagram, report)
    ruler = _ruler(list(places.values()), scale)
    _place(list(places.values()), ruler)
    shapes = [shape for edge in diagram.edges for shape in _edge(places[edge.tail], places[edge.head], ruler)]
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


# --- places -------------------------------------------------------------------------------------------------------


def stops(diagram: Diagram, report: Report) -> dict[Box, PlacedVolume]:
    """A stop for each box, with its column: the rank of the box in the graph."""
    boxes = list(diagram.root.boxes())
    numbers = {box: number for number, box in enumerate(boxes)}
    links = tuple(Link(numbers[edge.tail], numbers[edge.head]) for edge in diagram.edges)
    columns = ranks(LinkedNodes((NodeSize(1.0, 1.0),) * len(boxes), links))
    found = {
        box: PlacedVolume(box, sizes_of(box.shape, report.layout), column)
        for box, column in zip(boxes, columns, strict=True)
    }
    _set_levels(list(found.values()))
    return found


def _set_levels(stops: Sequence[PlacedVolume]) -> None:
    """Give the stops of a U their levels: how often the resolution was halved; others stay on one level."""
    spatial = [stop for stop in stops if not stop.is_bar]
    if not spatial:
        return
    levels = [_halvings(stop) for stop in spatial]
    if max(levels) < 2 or levels[-1] > 1 or min(levels) < 0 or len(spatial) < len(stops):
        return
    for stop, level in zip(spatial, levels, strict=True):
        stop.level, stop.is_in_u = level, True


def _halvings(stop: PlacedVolume) -> int:
    """The number of halvings of the resolution from the input to a volume."""
    stride = stop.box.layers[-1].figures.effective_stride if stop.box.layers else None
    return round(log2(max(stride))) if stride else 0


def _ruler(stops: Sequence[PlacedVolume], scale: RulerScale) -> Ruler:
    largest = max(max(stop.sizes.height, stop.sizes.width) for stop in stops)
    deepest = max((stop.sizes.channels for stop in stops if not stop.is_bar), default=1)
    return Ruler(scale, largest or 1, deepest)


def _place(stops: Sequence[PlacedVolume], ruler: Ruler) -> None:
    """Place the stops: columns from left to right, levels downwards, stops of one column and level under each other."""
    middles = _middles(stops, ruler)
    x = MARGIN
    for column in range(max(stop.column for stop in stops) + 1):
        inside = [stop for stop in stops if stop.column == column]
        for stop in inside:
            stop.body = _body(stop, ruler, 0.0, middles[stop])
        wide = max((stop.body.right for stop in inside), default=0.0)
        room = max(wide, min(ROOM, max((_label_width(stop) for stop in inside), default=0.0)))
        for stop in inside:
            stop.body = stop.body._replace(x=x + (room - stop.body.right) / 2)
        x += room + GAP


def _body(stop: PlacedVolume, ruler: Ruler, x: float, middle: float) -> Solid:
    if stop.is_point:
        return Solid(x, middle - POINT, 2 * POINT, 2 * POINT, 0.0)
    if stop.is_bar:
        height = 15.0 * log2(1 + stop.sizes.channels)
        return Solid(x, middle - height / 2, BAR, height, 0.0)
    return solid(stop.sizes, ruler, x, middle)


def _middles(stops: Sequence[PlacedVolume], ruler: Ruler) -> dict[PlacedVolume, float]:
    """The height of each stop's middle."""
    tall: dict[int, float] = {}
    rows: dict[PlacedVolume, tuple[int, int]] = {}
    for stop in stops:
        beside = [other for other in stops if (other.column, other.level) == (stop.column, stop.level)]
        rows[stop] = beside.index(stop), len(beside)
        body = _body(stop, ruler, 0.0, 0.0)
        needed = (body.height + body.back + LABELS + 24.0) * len(beside)
        tall[stop.level] = max(tall.get(stop.level, 0.0), needed)
    level_middle, y = {}, 0.0
    for level in range(max(tall) + 1):
        level_middle[level] = y + tall.get(level, 0.0) / 2
        y += tall.get(level, 0.0)
    found = {}
    for stop in stops:
        row, count = rows[stop]
        found[stop] = level_middle[stop.level] + ((row + 0.5) / count - 0.5) * tall[stop.level] - LABELS / 2
    return found


# --- shapes -------------------------------------------------------------------------------------------------------


def _labels(stop: PlacedVolume) -> list[str]:
    """The name of a block or input, what the layer does, and the shape of the result."""
    box = stop.box
    if stop.is_point:
        return [box.title]
    words = box_title(box) if box.main is None else window_caption(box.main)
    if box.folded:
        words = f"{box.key} ×{box.times}" if box.times > 1 else box.key
    return [words, show_shape(box.shape, times="×")]


def _label_width(stop: PlacedVolume) -> float:
    return max(text_width(line, TEXT_SIZE) for line in _labels(stop))


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
    for number, line in enumerate(_labels(stop)):
        text = shortened(line, TEXT_SIZE, ROOM)
        tone = "ink" if number == 0 else "muted"
        shapes.append(Label(middle, body.bottom + 14.0 + 13.0 * number, text, TEXT_SIZE, tone, "middle"))
    return Group(tuple(shapes), stop.box.key, description(stop.box))


def _point(stop: PlacedVolume, colour: str) -> Iterator[Drawn]:
    centre = Spot(stop.body.x + POINT, stop.body.y + POINT)
    yield Circle(centre, POINT, Paint(colour, f"{colour}.line", 1.2))
    sign = "×" if stop.box.main is not None and stop.box.main.layer.type == "multiply" else "+"
    yield Label(centre.x, centre.y + 4.5, sign, 13.0, "ink", "middle")


def _edge(tail: PlacedVolume, head: PlacedVolume, ruler: Ruler) -> Iterator[Drawn]:
    """The kernel of the next volume on this one with its lines, an arrow, or an arc over what lies between."""
    if head.column - tail.column > 1:
        yield _skip(tail, head)
        return
    kernel = _kernel(head)
    if kernel and not (tail.is_bar or tail.is_point or head.is_bar):
        height, width = (
            min(ruler.extent(size) / ruler.extent(full), 1.0) for size, full in zip(kernel, tail.sizes[:2], strict=True)
        )
        yield from tail.body.window(height, width, head.body.entry)
        return
    start, end = _exit(tail), head.body.entry if not head.is_point else Spot(head.body.x, head.body.y + POINT)
    yield Curve(start, ((end,),), Paint(None, "line", 1.1), arrow=True)


def _exit(stop: PlacedVolume) -> Spot:
    body = stop.body
    return Spot(body.right - body.back / 2, body.y + body.height / 2 - body.back / 2)


def _kernel(stop: PlacedVolume) -> tuple[int, int] | None:
    """The kernel's height and width, of a layer that has one."""
    if stop.box.main is None:
        return None
    main = stop.box.main
    value = main.figures.setting("kernel")
    if not isinstance(value, tuple) or not value or not all(isinstance(size, int) for size in value):
        return None
    return (value[-2] if len(value) > 1 else 1), value[-1]


def _skip(tail: PlacedVolume, head: PlacedVolume) -> Curve:
    """A straight line on one level of a U, else an arc above the volumes between."""
    paint = Paint(None, "line", 1.2, "dashed")
    if tail.is_in_u and tail.level == head.level:
        start, end = _exit(tail), head.body.entry
        return Curve(start, ((Spot(end.x, end.y),),), paint, arrow=True)
    start = Spot((tail.body.x + tail.body.right) / 2, tail.body.top)
    end = Spot((head.body.x + head.body.right) / 2, head.body.top - 2.0)
    lift = min(start.y, end.y) - min(16.0 + 7.0 * (head.column - tail.column), 70.0)
    return Curve(start, ((Spot(start.x, lift), Spot(end.x, lift), end),), paint, arrow=True)


def _highest(shape: Drawn) -> float:
    """The smallest y of a shape."""
    picture = Picture(0.0, 0.0, (shape,), "")
    return min(y for part in picture.flat() for _, y in extremes(part))
