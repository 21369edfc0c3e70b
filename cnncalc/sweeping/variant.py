"""One variant of a sweep, and the counts of all variants so far."""

from __future__ import annotations

from typing import Any, NamedTuple

from cnncalc.solving.family import ChosenValues
from cnncalc.solving.study import Failure
from cnncalc.solving.wanted import ActualFigure


class Variant(NamedTuple):
    """One combination of values, and the metrics of the model that it gives."""

    place: int
    """The number of the combination, from 0."""
    values: ChosenValues
    figures: tuple[ActualFigure, ...] = ()
    """The values of the sweep's metrics, in their order; None for one that is undefined."""
    failure: Failure | None = None
    """The reason why the model cannot be built."""
    over_budget: tuple[str, ...] = ()
    """A message for each budget of the spec that is exceeded."""


class FailureGroup(NamedTuple):
    """Variants that fail with the same error in the same layer."""

    number: int
    first: Variant
    """The first of them; its message is shown for all."""

    def to_dict(self, names: tuple[str, ...]) -> dict[str, Any]:
        failure = self.first.failure
        assert failure is not None
        values = dict(zip(names, self.first.values, strict=True))
        return {"count": self.number, "code": failure.code, "message": failure.message, "first": values}


class SweepTally:
    """The numbers of variants so far."""

    def __init__(self) -> None:
        self.tried = 0
        """Combinations that were evaluated, including those of an earlier run."""
        self.kept = 0
        """Variants that meet the conditions."""
        self.over_budget = 0
        """Kept variants that exceed a budget of the spec."""
        self.first_over_budget: Variant | None = None
        self._failed: dict[tuple[str, str], FailureGroup] = {}

    @property
    def failed(self) -> int:
        """Combinations whose model cannot be built."""
        return sum(group.number for group in self._failed.values())

    @property
    def groups(self) -> list[FailureGroup]:
        """The failures by error and layer, the most frequent first."""
        return sorted(self._failed.values(), key=lambda group: -group.number)

    def add(self, variant: Variant) -> None:
        """Count a variant that is kept or fails; `tried` counts the others, too."""
        if variant.failure is None:
            self.kept += 1
            if variant.over_budget:
                self.over_budget += 1
                self.first_over_budget = self.first_over_budget or variant
            return
        key = variant.failure.code, variant.failure.message.partition(": ")[0]
        known = self._failed.get(key)
        self._failed[key] = FailureGroup(known.number + 1, known.first) if known else FailureGroup(1, variant)
