"""Places of volumes: columns from left to right by rank, and the levels of a U under each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import NamedTuple

from cnncalc.analysis.report import Report
from cnncalc.drawing.boxes import box_title
from cnncalc.drawing.captions import window_caption
from cnncalc.drawing.diagram import Box, Diagram
from cnncalc.drawing.layout.network import Link, LinkedNodes, NodeSize
from cnncalc.drawing.layout.ranks import ranks
from cnncalc.drawing.picture import Spot
from cnncalc.drawing.solids import Ruler, RulerScale, Solid, VolumeSizes, sizes_of, solid
from cnncalc.drawing.text_width import text_width
from cnncalc.number_text import show_shape

MARGIN = 24.0
TEXT_SIZE = 11.0
GAP = 24.0
"""Between columns; lines change their height there."""
SPACE = 18.0
"""Between the volumes of a column."""
ARC = 9.0
"""The room above a level for each arc, of which the first ones count."""
ROOM = 104.0
"""The room for a label, across."""
LABELS = 46.0
"""The room for the labels under a volume, of at most three lines."""
FIRST_LINE, LINE = 14.0, 13.0
"""The baseline of the first label under a volume, and the distance of the next one."""
BAR, POINT = 12.0, 9.0
SUMS: Mapping[str, str] = {"add": "+", "multiply": "×", "subtract": "−", "average": "ø"}
"""Merges that keep the shape, with the signs of their points."""
NOWHERE = Solid(0.0, 0.0, 0.0, 0.0, 0.0)


@dataclass(eq=False)
class PlacedVolume:
    """A box with its place: a volume, a bar for a vector, or a point for a sum."""

    box: Box
    sizes: VolumeSizes
    column: int
    level: int = 0
    body: Solid = NOWHERE

    @property
    def is_point(self) -> bool:
        return self.box.main is not None and self.box.main.layer.type in SUMS

    @property
    def is_bar(self) -> bool:
        return self.sizes.height == 0

    @property
    def kernel(self) -> tuple[int, int] | None:
        """The height and width of the kernel, of a layer that has one."""
        main = self.box.main
        value = None if main is None else main.figures.setting("kernel")
        if not isinstance(value, tuple) or not value or not all(isinstance(size, int) for size in value):
            return None
        return (value[-2] if len(value) > 1 else 1), value[-1]

    @property
    def entry(self) -> Spot:
        """The point of the outline where lines end that come from the left, at half of the height."""
        body = self.body
        y = body.middle
        return Spot(body.x + max(body.y - y, 0.0), y)

    @property
    def exit(self) -> Spot:
        """The point of the outline where lines to the right begin."""
        body = self.body
        y = body.middle
        return Spot(min(body.right, body.x + body.thickness + body.bottom - y), y)

    @property
    def foot(self) -> Spot:
        """The point under the labels."""
        lines = len(labels(self))
        return Spot(self.roof.x, self.body.bottom + FIRST_LINE + LINE * (lines - 1) + 8.0)

    @property
    def roof(self) -> Spot:
        """The point of the outline above the middle."""
        body = self.body
        half = (body.thickness + body.back) / 2
        return Spot(body.x + half, body.y - min(body.back, half))


class ColumnSpan(NamedTuple):
    """The place of a column across, with its labels."""

    left: float
    right: float


def stops(diagram: Diagram, report: Report) -> dict[Box, PlacedVolume]:
    """A stop for each box: with its level in a U, else with its column, the rank of the box in the graph."""
    boxes = list(diagram.root.boxes())
    levels = _levels(boxes, report.layout)
    if levels is not None:
        found = {box: PlacedVolume(box, sizes_of(box.shape, report.layout), 0, level) for box, level in levels.items()}
        _set_columns(diagram, found)
        if _is_clear(diagram, found):
            return found
    numbers = {box: number for number, box in enumerate(boxes)}
    links = tuple(Link(numbers[edge.tail], numbers[edge.head]) for edge in diagram.edges)
    columns = ranks(LinkedNodes((NodeSize(1.0, 1.0),) * len(boxes), links))
    return {
        box: PlacedVolume(box, sizes_of(box.shape, report.layout), column)
        for box, column in zip(boxes, columns, strict=True)
    }


def _levels(boxes: Sequence[Box], layout: str) -> dict[Box, int] | None:
    """The number of halvings of the resolution from the input to each box; None if it does not go down and up again."""
    if any(len(box.shape) < 2 for box in boxes):
        return None
    levels = {box: _halvings(box, boxes[0], layout) for box in boxes}
    if max(levels.values()) < 2 or levels[boxes[-1]] > 1 or min(levels.values()) < 0:
        return None
    return levels


def _is_clear(diagram: Diagram, places: Mapping[Box, PlacedVolume]) -> bool:
    """Whether each volume of a U has its place for itself, and vertical lines lead to the next level."""
    steps = [(places[edge.tail], places[edge.head]) for edge in diagram.edges]
    alone = len({(stop.column, stop.level) for stop in places.values()}) == len(places)
    return alone and all(abs(tail.level - head.level) == 1 for tail, head in steps if tail.column == head.column)


def _set_columns(diagram: Diagram, places: dict[Box, PlacedVolume]) -> None:
    """Place the first volume of each level of a U under the last one of the level above, or above that below."""
    tails: dict[Box, list[PlacedVolume]] = {}
    for edge in diagram.edges:
        tails.setdefault(edge.head, []).append(places[edge.tail])
    for box, stop in places.items():
        stop.column = max((tail.column + (tail.level == stop.level) for tail in tails.get(box, ())), default=0)


def _halvings(box: Box, first: Box, layout: str) -> int:
    """The number of halvings of the resolution from the input, the first box, to a box."""
    stride = box.layers[-1].figures.effective_stride if box.layers else (1,)
    whole, own = (max(sizes_of(shape, layout)[:2]) for shape in (first.shape, box.shape))
    return round(log2(max(stride) if stride else whole / own))


def ruler_of(stops: Sequence[PlacedVolume], scale: RulerScale) -> Ruler:
    largest = max(max(stop.sizes.height, stop.sizes.width) for stop in stops)
    deepest = max((stop.sizes.channels for stop in stops if not stop.is_bar), default=1)
    return Ruler(scale, largest or 1, deepest)


def place(stops: Sequence[PlacedVolume], ruler: Ruler, arcs: Iterable[PlacedVolume] = ()) -> list[ColumnSpan]:
    """Place the stops: columns from left to right, levels downwards, stops of one column and level under each other.

    `arcs` are the stops where arcs to further columns begin.
    """
    middles = _middles(stops, ruler, Counter(stop.level for stop in arcs))
    columns: list[ColumnSpan] = []
    x = MARGIN
    for number in range(max(stop.column for stop in stops) + 1):
        inside = [stop for stop in stops if stop.column == number]
        for stop in inside:
            stop.body = _body(stop, ruler, 0.0, middles[stop])
        wide = max((stop.body.right for stop in inside), default=0.0)
        room = max(wide, min(ROOM, max((_label_width(stop) for stop in inside), default=0.0)))
        for stop in inside:
            stop.body = stop.body._replace(x=x + (room - stop.body.right) / 2)
        columns.append(ColumnSpan(x, x + room))
        x += room + GAP
    return columns


def _body(stop: PlacedVolume, ruler: Ruler, x: float, middle: float) -> Solid:
    if stop.is_point:
        return Solid(x, middle - POINT, 2 * POINT, 2 * POINT, 0.0)
    if stop.is_bar:
        height = 15.0 * log2(1 + stop.sizes.channels)
        return Solid(x, middle - height / 2, BAR, height, 0.0)
    return solid(stop.sizes, ruler, x, middle)


def _middles(stops: Sequence[PlacedVolume], ruler: Ruler, arcs: Counter[int]) -> dict[PlacedVolume, float]:
    """The height of each stop's middle."""
    needed = {stop: _needed(stop, ruler) for stop in stops}
    columns: dict[tuple[int, int], list[PlacedVolume]] = {}
    for stop in stops:
        columns.setdefault((stop.level, stop.column), []).append(stop)
    tall: dict[int, float] = {}
    for (level, _), beside in columns.items():
        tall[level] = max(tall.get(level, 0.0), sum(needed[stop] for stop in beside))
    found = {}
    top = 0.0
    for level in sorted(tall):
        top += ARC * min(arcs[level], 4)
        for beside in (beside for (own, _), beside in columns.items() if own == level):
            y = top + (tall[level] - sum(needed[stop] for stop in beside)) / 2
            for stop in beside:
                found[stop] = y + (needed[stop] - LABELS) / 2
                y += needed[stop]
        top += tall[level]
    return found


def _needed(stop: PlacedVolume, ruler: Ruler) -> float:
    """The height of a stop with its labels and the space around it."""
    body = _body(stop, ruler, 0.0, 0.0)
    return body.height + body.back + LABELS + SPACE


def labels(stop: PlacedVolume) -> list[str]:
    """The name of a block or input, what the layer does, and the shape of the result; none for a sum."""
    box = stop.box
    if stop.is_point:
        return []
    words = box_title(box) if box.main is None else window_caption(box.main)
    if box.folded:
        words = f"{box.key} ×{box.times}" if box.times > 1 else box.key
    return [*broken(words), show_shape(box.shape, times="×")]


def broken(words: str) -> list[str]:
    """A text in lines that fit, if it is too wide and has a space or, for names, underscores."""
    if text_width(words, TEXT_SIZE) <= ROOM:
        return [words]
    first, space, rest = words.partition(" ")
    if not space:
        return _broken_name(words)
    *start, last = _broken_name(first)
    together = f"{last} {rest}"
    if start and text_width(together, TEXT_SIZE) <= ROOM:
        return [*start, together]
    return [*start, last, rest]


def _broken_name(name: str) -> list[str]:
    """A name in two lines after an underscore, if it is too wide: the lines are as equal as they can be."""
    places = [place + 1 for place, character in enumerate(name[:-1]) if character == "_"]
    if text_width(name, TEXT_SIZE) <= ROOM or not places:
        return [name]
    place = min(places, key=lambda place: abs(2 * place - len(name)))
    return [name[:place], name[place:]]


def _label_width(stop: PlacedVolume) -> float:
    return max((text_width(line, TEXT_SIZE) for line in labels(stop)), default=0.0)
