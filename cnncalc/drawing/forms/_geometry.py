"""Coordinates and arrow heads of the forms that write pictures."""

from __future__ import annotations

from cnncalc.drawing.picture import Curve, Spot


def coordinate(value: float) -> str:
    """A coordinate with at most two decimals.

    >>> coordinate(12.0), coordinate(0.256)
    ('12', '0.26')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def arrow_head(curve: Curve, size: float = 6.0) -> tuple[Spot, Spot, Spot]:
    """The corners of the arrow head at the end of a curve."""
    before, end = [curve.start, *(spot for piece in curve.pieces for spot in piece)][-2:]
    x, y = end.x - before.x, end.y - before.y
    length = (x * x + y * y) ** 0.5 or 1.0
    x, y = x / length * size, y / length * size
    return end, Spot(end.x - x - y / 2, end.y - y + x / 2), Spot(end.x - x + y / 2, end.y - y - x / 2)
