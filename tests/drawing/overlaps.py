"""Overlaps in pictures: of texts with one another, with lines, and with the outlines of shapes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from math import ceil, cos, dist, sin, tau
from typing import NamedTuple

from cnncalc.drawing.picture import Circle, Curve, Label, Picture, Polygon, Rectangle, Spot
from cnncalc.drawing.text_width import text_width

Rows = tuple[float, float, float, float]
"""A rectangle: its left, top, right and bottom."""

SLACK = 0.5
STEP = 2.0
"""The distance of the points of a line that are looked at."""
ABOVE, BELOW = 0.73, 0.2
"""The height of letters over the baseline and below it, in units of the font size."""


class Text(NamedTuple):
    """A line of text with the rectangle of its letters, and its place in the order of painting."""

    text: str
    area: Rows
    order: int


class Outline(NamedTuple):
    """A line, or the outline of a filled shape, as points with their rectangle."""

    points: Sequence[Spot]
    area: Rows
    order: int
    filled: bool
    is_box: bool


def letters(x: float, y: float, width: float, size: float) -> Rows:
    """The rectangle of a text's letters, from the left end of its baseline."""
    return x, y - ABOVE * size, x + width, y + BELOW * size


def marks(picture: Picture) -> tuple[list[Text], list[Outline]]:
    """The texts, with their estimated widths, and the outlines of a picture."""
    texts, outlines = [], []
    for order, shape in enumerate(picture.flat()):
        if isinstance(shape, Label):
            width = text_width(shape.text, shape.size, bold=shape.bold)
            left = shape.x - {"start": 0.0, "middle": width / 2, "end": width}[shape.anchor]
            texts.append(Text(shape.text, letters(left, shape.y, width, shape.size), order))
        else:
            points = list(_points(shape))
            filled = not isinstance(shape, Curve) and shape.paint.fill is not None
            outlines.append(Outline(points, _around(points), order, filled, isinstance(shape, Rectangle)))
    return texts, outlines


def overlaps(texts: Sequence[Text], outlines: Iterable[Outline]) -> list[str]:
    """Each text that touches another one, a line, or the outline of a shape, or that a later shape covers."""
    found = [f"{one.text} / {other.text}" for one, other in combinations(texts, 2) if _deep(one.area, other.area)]
    for outline in outlines:
        for text in texts:
            if not _meet(outline.area, text.area):
                continue
            covers = outline.filled and outline.order > text.order and _deep(_inner(outline.area), text.area)
            apart = outline.is_box and _contains(outline.area, text.area)
            if covers or (not apart and any(_is_in(point, text.area) for point in _dense(outline.points))):
                found.append(f"{text.text} / {'shape' if outline.filled else 'line'} at {outline.area[:2]}")
    return found


def outside(marks: Iterable[Text | Outline], width: float, height: float) -> list[Text | Outline]:
    """The texts and outlines that are not within a picture of the given size."""
    return [mark for mark in marks if not _contains((-1e-6, -1e-6, width + 1e-6, height + 1e-6), mark.area)]


def _points(shape: Rectangle | Polygon | Circle | Curve) -> Iterator[Spot]:
    match shape:
        case Rectangle(x, y, width, height):
            yield from (Spot(x, y), Spot(x + width, y), Spot(x + width, y + height), Spot(x, y + height), Spot(x, y))
        case Polygon(corners):
            yield from (*corners, corners[0])
        case Circle((x, y), radius):
            angles = (number * tau / 24 for number in range(25))
            yield from (Spot(x + radius * cos(angle), y + radius * sin(angle)) for angle in angles)
        case Curve(start, pieces):
            yield start
            for piece in pieces:
                yield from _piece(start, piece)
                start = piece[-1]


def _piece(start: Spot, piece: tuple[Spot, ...]) -> Iterator[Spot]:
    """Points of a straight line or of a cubic Bézier curve."""
    if len(piece) == 3:
        first, second, end = piece
        for number in range(1, 24):
            t, u = number / 24, 1 - number / 24
            weights = u**3, 3 * u * u * t, 3 * u * t * t, t**3
            spots = start, first, second, end
            yield Spot(
                sum(weight * spot.x for weight, spot in zip(weights, spots, strict=True)),
                sum(weight * spot.y for weight, spot in zip(weights, spots, strict=True)),
            )
    yield piece[-1]


def _dense(points: Sequence[Spot]) -> Iterator[Spot]:
    """Points of a line at most `STEP` apart."""
    for start, end in pairwise(points):
        count = ceil(dist(start, end) / STEP) or 1
        for number in range(count + 1):
            share = number / count
            yield Spot(start.x + (end.x - start.x) * share, start.y + (end.y - start.y) * share)


def _around(points: Sequence[Spot]) -> Rows:
    return min(x for x, _ in points), min(y for _, y in points), max(x for x, _ in points), max(y for _, y in points)


def _inner(area: Rows) -> Rows:
    return area[0] + SLACK, area[1] + SLACK, area[2] - SLACK, area[3] - SLACK


def _meet(one: Rows, other: Rows) -> bool:
    """Whether two areas touch, or nearly do; a line may have no height."""
    wide, high = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    return wide > -SLACK and high > -SLACK


def _deep(one: Rows, other: Rows) -> bool:
    """Whether two areas share more than a border."""
    wide, high = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    return wide > SLACK and high > SLACK


def _is_in(point: Spot, area: Rows) -> bool:
    left, top, right, bottom = _inner(area)
    return left < point.x < right and top < point.y < bottom


def _contains(outer: Rows, inner: Rows) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]
