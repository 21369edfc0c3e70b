"""Places of volumes: columns from left to right by rank, and the levels of a U under each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

from cnncalc.analysis.report import Report
from cnncalc.drawing.boxes import box_title
from cnncalc.drawing.captions import window_caption
from cnncalc.drawing.diagram import Box, Diagram
from cnncalc.drawing.layout.network import Link, LinkedNodes, NodeSize
from cnncalc.drawing.layout.ranks import ranks
from cnncalc.drawing.solids import Ruler, RulerScale, Solid, VolumeSizes, sizes_of, solid
from cnncalc.drawing.text_width import text_width
from cnncalc.number_text import show_shape

MARGIN = 24.0
TEXT_SIZE = 10.0
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


def ruler_of(stops: Sequence[PlacedVolume], scale: RulerScale) -> Ruler:
    largest = max(max(stop.sizes.height, stop.sizes.width) for stop in stops)
    deepest = max((stop.sizes.channels for stop in stops if not stop.is_bar), default=1)
    return Ruler(scale, largest or 1, deepest)


def place(stops: Sequence[PlacedVolume], ruler: Ruler) -> None:
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


def labels(stop: PlacedVolume) -> list[str]:
    """The name of a block or input, what the layer does, and the shape of the result."""
    box = stop.box
    if stop.is_point:
        return [box.title]
    words = box_title(box) if box.main is None else window_caption(box.main)
    if box.folded:
        words = f"{box.key} ×{box.times}" if box.times > 1 else box.key
    return [words, show_shape(box.shape, times="×")]


def _label_width(stop: PlacedVolume) -> float:
    return max(text_width(line, TEXT_SIZE) for line in labels(stop))
