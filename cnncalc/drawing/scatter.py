"""A scatter plot of two metrics, with some points marked and joined."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil, floor, log10
from typing import Literal, NamedTuple

from cnncalc.drawing.picture import Circle, Curve, Drawn, Group, Label, Paint, Picture, Rectangle, Spot
from cnncalc.number_text import decimal, short

WIDTH, HEIGHT = 640.0, 440.0
LEFT, RIGHT, TOP, BOTTOM = 78.0, 20.0, 44.0, 54.0

_WIDE = 20
"""The ratio of the largest to the smallest number from which an axis is logarithmic."""


class PlotPoint(NamedTuple):
    """A point, and its description for pointers and screen readers."""

    x: float
    y: float
    title: str = ""


class ScatterPlot(NamedTuple):
    """The content of a plot: the titles of its axes, and the points."""

    title: str
    description: str
    x_title: str
    y_title: str
    points: Sequence[PlotPoint]
    marked: Sequence[PlotPoint]
    steps: Literal["", "across", "up"] = ""
    """The first direction of the steps that join the marked points, the border of the area that they dominate."""


class PlotAxis:
    """The positions of numbers between two ends of a picture, on a linear or a logarithmic scale."""

    def __init__(self, numbers: Sequence[float], begin: float, end: float) -> None:
        low, high = min(numbers), max(numbers)
        self.is_logarithmic = low > 0 and high / low >= _WIDE
        first, last = self._scaled(low), self._scaled(high)
        margin = (last - first) * 0.05 or max(abs(first) * 0.05, 0.5)
        self._first, self._last = first - margin, last + margin
        self._begin, self._end = begin, end

    def _scaled(self, number: float) -> float:
        return log10(number) if self.is_logarithmic else number

    def position(self, number: float) -> float:
        share = (self._scaled(number) - self._first) / (self._last - self._first)
        return self._begin + share * (self._end - self._begin)

    def ticks(self) -> Iterator[float]:
        """Round numbers within the axis: powers of ten and parts of them, or even steps."""
        if self.is_logarithmic:
            decades = range(floor(self._first), ceil(self._last) + 1)
            factors = (1,) if len(decades) > 6 else (1, 3) if len(decades) > 3 else (1, 2, 5)
            yield from (
                factor * 10.0**power
                for power in decades
                for factor in factors
                if self._first <= power + log10(factor) <= self._last
            )
            return
        step = _round_step((self._last - self._first) / 6)
        yield from (index * step for index in range(ceil(self._first / step), floor(self._last / step) + 1))


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10, … that is not below a number."""
    power = 10.0 ** floor(log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * 0.999)


def scatter(plot: ScatterPlot) -> Picture:
    """The picture of a plot with at least one point."""
    every = [*plot.points, *plot.marked]
    across = PlotAxis([point.x for point in every], LEFT, WIDTH - RIGHT)
    up = PlotAxis([point.y for point in every], HEIGHT - BOTTOM, TOP)
    shapes = [
        Label(LEFT, TOP - 22, plot.title, 15, bold=True),
        *plot_frame(across, up, plot.x_title, plot.y_title),
        *(Circle(_spot(point, across, up), 2, Paint("line")) for point in plot.points),
        *_border(plot, across, up),
        *(_marked(point, across, up) for point in plot.marked),
    ]
    return Picture(WIDTH, HEIGHT, tuple(shapes), plot.title, plot.description)


def _spot(point: PlotPoint, across: PlotAxis, up: PlotAxis) -> Spot:
    return Spot(across.position(point.x), up.position(point.y))


def _marked(point: PlotPoint, across: PlotAxis, up: PlotAxis) -> Drawn:
    circle = Circle(_spot(point, across, up), 4, Paint("marked", "paper"))
    return Group((circle,), title=point.title)


def plot_frame(across: PlotAxis, up: PlotAxis, x_title: str, y_title: str) -> Iterator[Drawn]:
    """The area, its lines of reference with their numbers, and the titles of the axes."""
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    yield Rectangle(LEFT, TOP, right - LEFT, bottom - TOP, Paint("frame", "frame.line"))
    for number in across.ticks():
        x = across.position(number)
        yield Curve(Spot(x, TOP), ((Spot(x, bottom),),), Paint(None, "frame.line"))
        yield Label(x, bottom + 16, _tick_text(number), 11, "muted", "middle")
    for number in up.ticks():
        y = up.position(number)
        yield Curve(Spot(LEFT, y), ((Spot(right, y),),), Paint(None, "frame.line"))
        yield Label(LEFT - 6, y + 4, _tick_text(number), 11, "muted", "end")
    yield Label((LEFT + right) / 2, HEIGHT - 14, x_title, 13, anchor="middle")
    yield Label(LEFT, TOP - 6, y_title, 13)


def _tick_text(number: float) -> str:
    """A round number: `300 k`, `0.5`."""
    return re.sub(r"\.0+(?=\s|$)", "", short(round(number))) if abs(number) >= 10 else decimal(number, 3)


def _border(plot: ScatterPlot, across: PlotAxis, up: PlotAxis) -> Iterator[Drawn]:
    """The steps between the marked points, from left to right."""
    spots = [_spot(point, across, up) for point in sorted(plot.marked)]
    if plot.steps and len(spots) > 1:
        pieces: list[tuple[Spot, ...]] = []
        for before, after in pairwise(spots):
            corner = Spot(after.x, before.y) if plot.steps == "across" else Spot(before.x, after.y)
            pieces += [(corner,), (after,)]
        yield Curve(spots[0], tuple(pieces), Paint(None, "marked", 1.5))
