"""The roofline plot: the rate that a device can reach at each intensity, and the layers of a model below it.

A layer lies on the roof, at its intensity: the bandwidth limits it left of the device's balance, the peak rate right of
it. The area of its circle grows with its time.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

from cnncalc.drawing.picture import Circle, Curve, Group, Label, Paint, Picture, Spot
from cnncalc.drawing.scatter import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, PlotAxis, plot_frame
from cnncalc.number_text import decimal

_LARGEST = 11.0
"""The radius of the layer that takes longest."""
_SMALLEST = 2.5


class RooflinePoint(NamedTuple):
    """A layer: its FLOPs per byte, its time, and its description for pointers and screen readers."""

    intensity: float
    seconds: float
    title: str


def roofline(title: str, description: str, peak: float, bandwidth: float, points: Sequence[RooflinePoint]) -> Picture:
    """The picture of a device's roof, in FLOPs and bytes per second, with at least one layer."""
    balance = peak / bandwidth
    ends = [
        min(balance / 30, *(point.intensity for point in points)),
        max(balance * 30, *(p.intensity for p in points)),
    ]
    across = PlotAxis(ends, LEFT, WIDTH - RIGHT)
    up = PlotAxis([min(ends[0] * bandwidth, peak / 30), peak * 2], HEIGHT - BOTTOM, TOP)

    def at(intensity: float) -> Spot:
        return Spot(across.position(intensity), up.position(min(peak, intensity * bandwidth)))

    longest = max(point.seconds for point in points) or 1.0
    ordered = sorted(points, key=lambda point: -point.seconds)
    circles = [
        Group(
            (Circle(at(each.intensity), _radius(each.seconds / longest), Paint("marked", "paper")),), title=each.title
        )
        for each in ordered
    ]
    corner = at(balance)
    words = f"balance {decimal(balance, 3)} FLOPs/B"
    shapes = [
        Label(LEFT, TOP - 22, title, 15, bold=True),
        *plot_frame(across, up, "FLOPs per byte", "FLOPs per second"),
        Curve(at(ends[0]), ((corner,), (at(ends[1]),)), Paint(None, "line", 1.5)),
        Curve(corner, ((Spot(corner.x, HEIGHT - BOTTOM),),), Paint(None, "frame.line")),
        Label(corner.x + 5, HEIGHT - BOTTOM - 8, words, 11, "muted"),
        *circles,
    ]
    return Picture(WIDTH, HEIGHT, tuple(shapes), title, description)


def _radius(share: float) -> float:
    return max(_SMALLEST, _LARGEST * sqrt(share))
