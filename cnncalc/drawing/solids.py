"""Volumes in oblique projection: the channels run along the drawing, the height upwards, the width into the depth."""

from __future__ import annotations

from collections.abc import Iterator
from math import log2
from typing import Literal, NamedTuple

from cnncalc.arithmetic.convention import Shape
from cnncalc.drawing.picture import Curve, Drawn, Paint, Polygon, Rectangle, Spot

RulerScale = Literal["log", "linear"]

TILT = 0.32
"""The length of a unit of depth, along both axes of the drawing."""
TALLEST, THICKEST = 170.0, 110.0
"""The largest height and thickness of a linear scale."""
PER_DOUBLING, THICK_PER_DOUBLING = 19.0, 4.5
"""The height and the thickness that a doubling adds on a logarithmic scale."""
THINNEST = 3.0


class VolumeSizes(NamedTuple):
    """The sizes of a tensor as a volume; a vector has height 0."""

    height: int
    width: int
    channels: int


def sizes_of(shape: Shape, layout: str) -> VolumeSizes:
    """Height, width and channels; a sequence has height 1, and of a volume with depth the depth is left out."""
    if len(shape) < 2:
        return VolumeSizes(0, 0, shape[0] if shape else 1)
    channels, spatial = (shape[0], shape[1:]) if layout == "CHW" else (shape[-1], shape[:-1])
    return VolumeSizes(spatial[-2] if len(spatial) > 1 else 1, spatial[-1], channels)


class Ruler(NamedTuple):
    """Lengths of the drawing for sizes of tensors."""

    scale: RulerScale
    largest: int
    """The largest height or width of the model."""
    deepest: int
    """The largest number of channels."""

    def extent(self, size: int) -> float:
        """The length of a height or width."""
        if self.scale == "log":
            return PER_DOUBLING * log2(1 + size)
        return max(TALLEST * size / self.largest, THINNEST)

    def thickness(self, channels: int) -> float:
        if self.scale == "log":
            return THICK_PER_DOUBLING * log2(1 + channels)
        return max(THICKEST * channels / self.deepest, THINNEST)


class Solid(NamedTuple):
    """A volume: its front face at x and y, its thickness and height, and the shift of its back."""

    x: float
    y: float
    thickness: float
    height: float
    back: float

    @property
    def right(self) -> float:
        return self.x + self.thickness + self.back

    @property
    def top(self) -> float:
        return self.y - self.back

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def side(self, across: float, down: float) -> Spot:
        """A point on the side that faces the next volume; 0 to 1 from front to back and from top to bottom."""
        return Spot(self.x + self.thickness + across * self.back, self.y + down * self.height - across * self.back)

    @property
    def middle(self) -> float:
        """Half of the height of the outline."""
        return self.y + self.height / 2 - self.back / 2

    def shapes(self, colour: str) -> Iterator[Drawn]:
        """The front, the top and the side."""
        paint = Paint(colour, f"{colour}.line", 1.0)
        x, y, right = self.x, self.y, self.x + self.thickness
        yield Rectangle(x, y, self.thickness, self.height, paint)
        back = self.back
        yield Polygon((Spot(x, y), Spot(x + back, y - back), Spot(right + back, y - back), Spot(right, y)), paint)
        yield Polygon((self.side(0, 0), self.side(1, 0), self.side(1, 1), self.side(0, 1)), paint)

    def window(self, height: float, width: float, target: Spot | None) -> Iterator[Drawn]:
        """A kernel on the side, as a share of its height and width, with lines to a point of the next volume."""
        across, down = max((1 - width) * 0.35, 0.0), max((1 - height) * 0.3, 0.0)
        corners = (
            self.side(across, down), self.side(across + width, down), self.side(across + width, down + height),
            self.side(across, down + height),
        )  # fmt: skip
        yield Polygon(corners, Paint("window", "window.line", 1.0))
        if target is not None:
            for corner in (corners[1], corners[2]):
                yield Curve(corner, ((target,),), Paint(None, "window.line", 0.7))


def solid(sizes: VolumeSizes, ruler: Ruler, x: float, middle: float) -> Solid:
    """The volume of a tensor whose front begins at x and whose middle is at the height `middle`."""
    height, back = ruler.extent(sizes.height), ruler.extent(sizes.width) * TILT
    return Solid(x, middle - height / 2 + back / 2, ruler.thickness(sizes.channels), height, back)
