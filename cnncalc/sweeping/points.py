"""The points of a scatter plot, thinned out while the variants stream."""

from __future__ import annotations

from collections.abc import Iterable
from math import floor, inf, log10

from cnncalc.sweeping.front import Objective
from cnncalc.sweeping.plan import SweepPlan
from cnncalc.sweeping.variant import Variant

MOST_POINTS = 20_000
"""The most points that are kept; later ones at new positions are not drawn."""

PlotPosition = tuple[float, float]


class Points:
    """One point for each pair of values with three digits, which is finer than a screen."""

    def __init__(self, plan: SweepPlan, across: Objective, up: Objective) -> None:
        self._columns = [plan.metrics.index(each.metric) for each in (across, up)]
        self._objectives = (across, up)
        self._known: dict[PlotPosition, PlotPosition] = {}
        self.omitted = 0
        """Variants at further positions than the most."""

    def position(self, variant: Variant) -> PlotPosition | None:
        """The two metrics of a variant; None if one of them is undefined."""
        pairs = zip(self._objectives, self._columns, strict=True)
        x, y = (each.number(variant.figures[column]) for each, column in pairs)
        return None if x is None or y is None else (x, y)

    def add(self, variants: Iterable[Variant]) -> None:
        for variant in variants:
            position = self.position(variant) if variant.failure is None else None
            if position is None:
                continue
            key = _rounded(position[0]), _rounded(position[1])
            if key in self._known or len(self._known) < MOST_POINTS:
                self._known.setdefault(key, position)
            else:
                self.omitted += 1

    @property
    def positions(self) -> list[PlotPosition]:
        return list(self._known.values())


def _rounded(number: float) -> float:
    """A number with three significant digits."""
    if not number or number in (inf, -inf):
        return number
    return round(number, 2 - floor(log10(abs(number))))
