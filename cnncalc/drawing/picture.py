"""A picture: plain shapes in an area, in colours by name. The forms write it; nothing here knows a file format.

Positions and sizes are in units of about one screen pixel, from the upper left corner.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import dist
from typing import Literal, NamedTuple

from cnncalc.drawing.text_width import text_width


class Spot(NamedTuple):
    """A position."""

    x: float
    y: float


Dash = Literal["", "dashed", "dotted"]


class Paint(NamedTuple):
    """The colours of a shape, by their names in `palette`; None paints nothing."""

    fill: str | None = None
    line: str | None = None
    width: float = 1.0
    dash: Dash = ""


@dataclass(frozen=True)
class Rectangle:
    x: float
    y: float
    width: float
    height: float
    paint: Paint
    radius: float = 0.0


@dataclass(frozen=True)
class Polygon:
    corners: tuple[Spot, ...]
    paint: Paint


@dataclass(frozen=True)
class Circle:
    centre: Spot
    radius: float
    paint: Paint


@dataclass(frozen=True)
class Curve:
    """A line through pieces: each is its end, or two control points of a cubic Bézier curve and its end."""

    start: Spot
    pieces: tuple[tuple[Spot, ...], ...]
    paint: Paint
    arrow: bool = False

    @property
    def end(self) -> Spot:
        return self.pieces[-1][-1]


@dataclass(frozen=True)
class Label:
    """A line of text. `y` is its baseline."""

    x: float
    y: float
    text: str
    size: float
    colour: str = "ink"
    anchor: Literal["start", "middle", "end"] = "start"
    bold: bool = False


@dataclass(frozen=True)
class Group:
    """Shapes that belong together, such as a box with its texts."""

    shapes: tuple[Drawn, ...]
    key: str = ""
    """The layer or block that the group shows."""
    title: str = ""
    """A description, for pointers and screen readers."""


@dataclass(frozen=True)
class Moving:
    """Shapes that take one place after the other, again and again; forms that do not move show the first place."""

    shapes: tuple[Drawn, ...]
    places: tuple[Spot, ...]
    """Distances from where the shapes are drawn."""
    seconds: float
    """The time at each place."""


Drawn = Rectangle | Polygon | Circle | Curve | Label | Group | Moving


@dataclass(frozen=True)
class Picture:
    """Shapes in an area of `width` by `height`, later ones over earlier ones."""

    width: float
    height: float
    shapes: tuple[Drawn, ...]
    title: str
    description: str = ""

    def flat(self) -> Iterator[Rectangle | Polygon | Circle | Curve | Label]:
        """All shapes without their groups; moving ones at their first place."""
        return flattened(self.shapes)


def flattened(shapes: Iterable[Drawn]) -> Iterator[Rectangle | Polygon | Circle | Curve | Label]:
    """Shapes without their groups; moving ones at their first place."""
    for shape in shapes:
        if isinstance(shape, Group | Moving):
            yield from flattened(shape.shapes)
        else:
            yield shape


def moved(shape: Drawn, x: float, y: float) -> Drawn:
    """The shape at another place."""
    match shape:
        case Group(shapes, key, title):
            return Group(tuple(moved(inner, x, y) for inner in shapes), key, title)
        case Moving(shapes, places, seconds):
            return Moving(tuple(moved(inner, x, y) for inner in shapes), places, seconds)
        case Rectangle():
            return Rectangle(shape.x + x, shape.y + y, shape.width, shape.height, shape.paint, shape.radius)
        case Polygon(corners, paint):
            return Polygon(tuple(Spot(a + x, b + y) for a, b in corners), paint)
        case Circle(centre, radius, paint):
            return Circle(Spot(centre.x + x, centre.y + y), radius, paint)
        case Curve(start, pieces, paint, arrow):
            shifted = tuple(tuple(Spot(a + x, b + y) for a, b in piece) for piece in pieces)
            return Curve(Spot(start.x + x, start.y + y), shifted, paint, arrow)
        case Label():
            return Label(shape.x + x, shape.y + y, shape.text, shape.size, shape.colour, shape.anchor, shape.bold)


def rounded(corners: Sequence[Spot], radius: float) -> tuple[Spot, tuple[tuple[Spot, ...], ...]]:
    """The start and the pieces of a line through corners, which are rounded as far as the straight pieces allow."""
    pieces: list[tuple[Spot, ...]] = []
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        reach = min(radius, dist(before, corner) / 2, dist(corner, after) / 2)
        start, end = _towards(corner, before, reach), _towards(corner, after, reach)
        pieces += [(start,), (_towards(corner, before, reach * 0.45), _towards(corner, after, reach * 0.45), end)]
    return corners[0], (*pieces, (corners[-1],))


def _towards(start: Spot, end: Spot, length: float) -> Spot:
    """The point at a distance from one point to another."""
    share = length / (dist(start, end) or 1.0)
    return Spot(start.x + (end.x - start.x) * share, start.y + (end.y - start.y) * share)


def extremes(shape: Rectangle | Polygon | Circle | Curve | Label) -> list[Spot]:
    """Points that a shape lies between."""
    match shape:
        case Rectangle(x, y, width, height):
            return [Spot(x, y), Spot(x + width, y + height)]
        case Polygon(corners):
            return list(corners)
        case Circle((x, y), radius):
            return [Spot(x - radius, y - radius), Spot(x + radius, y + radius)]
        case Curve(start, pieces):
            return [start, *(spot for piece in pieces for spot in piece)]
        case Label(x, y, text, size, _, anchor, bold):
            width = text_width(text, size, bold=bold)
            left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
            return [Spot(left, y - size), Spot(left + width, y + size * 0.25)]
