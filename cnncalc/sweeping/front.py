"""The Pareto front: the variants that no other variant beats in one metric without losing in another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import NamedTuple

import numpy as np

from cnncalc.layers.base import Array
from cnncalc.solving.question import unusable
from cnncalc.solving.wanted import ActualFigure, Metric, read_metric
from cnncalc.sweeping.variant import Variant

MORE_IS_BETTER = ("receptive_field",)
"""The metrics whose larger values are better by default."""

_DIRECTIONS: Mapping[str, bool] = {"min": True, "max": False}


class Objective(NamedTuple):
    """A metric, and the direction that is better."""

    metric: Metric
    less_is_better: bool

    def __str__(self) -> str:
        return f"{self.metric} ({'less' if self.less_is_better else 'more'} is better)"

    def number(self, figure: ActualFigure) -> float | None:
        """The value that is compared, the smallest of several axes; None if it is undefined."""
        if figure is None:
            return None
        return float(min(figure, default=0) if isinstance(figure, tuple) else figure)

    def loss(self, figure: ActualFigure) -> float:
        """A number that is smaller for better values, exact below 2**53; infinite for an undefined value."""
        number = self.number(figure)
        return inf if number is None else number if self.less_is_better else -number


def read_objectives(text: str) -> tuple[Objective, ...]:
    """`macs,params,receptive_field`, each optionally with `:min` or `:max`. Raises SpecError."""
    found: list[Objective] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, direction = part.partition(":")
        metric = read_metric(name)
        if metric.figure == "output":
            raise unusable(f'pareto: "{part}" is a shape, which is neither more nor less', "for example, macs,params")
        if direction not in ("", *_DIRECTIONS):
            raise unusable(f'pareto: "{part}" needs min or max after the colon', f"for example, {name}:max")
        if metric in [objective.metric for objective in found]:
            raise unusable(f'pareto: "{metric}" is given twice', "for example, macs,params")
        default = "max" if metric.figure in MORE_IS_BETTER else "min"
        found.append(Objective(metric, _DIRECTIONS[direction or default]))
    if not found:
        raise unusable("pareto needs metrics", "for example, macs,params,receptive_field")
    return tuple(found)


class Front:
    """The best variants so far; equal ones stay together."""

    def __init__(self, objectives: tuple[Objective, ...], metrics: Sequence[Metric]) -> None:
        self.objectives = objectives
        self._columns = [metrics.index(objective.metric) for objective in objectives]
        self._losses: Array = np.empty((0, len(objectives)))
        self.variants: list[Variant] = []

    def add(self, variants: Sequence[Variant]) -> None:
        """Take the variants that no known one beats, and drop those that they beat."""
        working = [variant for variant in variants if variant.failure is None]
        if not working:
            return
        losses = np.vstack([self._losses, np.array([self._loss(variant) for variant in working])])
        known = [*self.variants, *working]
        stays = [place for place in range(len(known)) if not _is_beaten(losses[place], losses)]
        self.variants = [known[place] for place in stays]
        self._losses = losses[stays]

    @property
    def ordered(self) -> list[Variant]:
        """The variants of the front, best in the first metric first, then in their own order."""
        return sorted(self.variants, key=lambda variant: (self._loss(variant), variant.place))

    def _loss(self, variant: Variant) -> list[float]:
        figures = (variant.figures[column] for column in self._columns)
        return [objective.loss(figure) for objective, figure in zip(self.objectives, figures, strict=True)]


def _is_beaten(loss: Array, others: Array) -> bool:
    """Whether one of the others is as good everywhere, and better somewhere."""
    return bool(((others <= loss).all(axis=1) & (others < loss).any(axis=1)).any())
