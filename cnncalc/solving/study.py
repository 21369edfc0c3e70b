"""The results of trying many sizes of a model, as plain immutable values."""

from __future__ import annotations

from math import inf
from typing import Any, NamedTuple

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Diagnostic
from cnncalc.graph.model import Doubt
from cnncalc.solving.solution import FORMAT
from cnncalc.solving.variation import Varied
from cnncalc.solving.wanted import ActualFigure, Wanted


class Failure(NamedTuple):
    """The reason why a model cannot be built: the first message, and its position in the spec."""

    code: str
    message: str
    file: str
    line: int
    column: int

    @property
    def layer(self) -> str:
        """The layer at the beginning of the message; the line where a message on a model file names none."""
        layer, colon, _ = self.message.partition(": ")
        return layer if colon or not self.line else f"line {self.line}"


def failure_of(diagnostic: Diagnostic) -> Failure:
    """The failure that an error describes."""
    return Failure(diagnostic.code, diagnostic.message, diagnostic.file, diagnostic.line, diagnostic.column)


class LeftOver(NamedTuple):
    """A layer whose stride does not divide evenly: (W − F′ + P₀ + P₁) mod S along each axis."""

    layer: str
    sizes: tuple[int, ...]


class Trial(NamedTuple):
    """One combination of values, and the resulting model."""

    values: tuple[int, ...]
    output: Shape | None = None
    """The model's output; None if it cannot be built."""
    figures: tuple[ActualFigure, ...] = ()
    """The actual values of the metrics in the conditions."""
    distance: float = 0
    """Their total distance from the conditions; 0 if all are met."""
    left_over: tuple[LeftOver, ...] = ()
    failure: Failure | None = None

    @property
    def exact(self) -> bool:
        return self.failure is None and not self.left_over

    def to_dict(self) -> dict[str, Any]:
        return {
            "values": list(self.values),
            "output": None if self.output is None else list(self.output),
            "figures": [list(figure) if isinstance(figure, tuple) else figure for figure in self.figures],
            "exact": self.exact,
            "left_over": [{"layer": each.layer, "sizes": list(each.sizes)} for each in self.left_over],
            "failure": self.failure._asdict() if self.failure else None,
        }


class Study(NamedTuple):
    """The trials of a model with every combination of the varied values."""

    name: str
    varied: tuple[Varied, ...]
    wanted: tuple[Wanted, ...]
    trials: tuple[Trial, ...]
    doubts: tuple[Doubt, ...] = ()
    """The inputs of the original spec whose sizes were probably meant differently."""
    remarks: tuple[Diagnostic, ...] = ()
    """Warnings about the model file that was read."""

    @property
    def working(self) -> tuple[Trial, ...]:
        """The trials whose model can be built."""
        return tuple(trial for trial in self.trials if trial.failure is None)

    @property
    def failing(self) -> tuple[Trial, ...]:
        return tuple(trial for trial in self.trials if trial.failure is not None)

    @property
    def solutions(self) -> tuple[Trial, ...]:
        """The trials that meet the conditions, those that divide evenly first; without conditions, only those."""
        if not self.wanted:
            return tuple(trial for trial in self.trials if trial.exact)
        having = [trial for trial in self.working if trial.distance == 0]
        return tuple(sorted(having, key=lambda trial: not trial.exact))

    @property
    def nearest(self) -> tuple[Trial, ...]:
        """If no trial meets the conditions, the closest trials."""
        if self.solutions or not self.working:
            return ()
        if not self.wanted:
            fewest = min(len(trial.left_over) for trial in self.working)
            return tuple(trial for trial in self.working if len(trial.left_over) == fewest)
        least = min(trial.distance for trial in self.working)
        return tuple(trial for trial in self.working if trial.distance == least < inf)

    @property
    def found(self) -> bool:
        return bool(self.solutions)

    def to_dict(self, limit: int | None = None) -> dict[str, Any]:
        """The stable JSON form, version `format`; `limit` applies to the lists of trials, not to the counts."""
        return {
            "format": FORMAT,
            "name": self.name,
            "varied": [{"name": part.name, "values": list(part.values)} for part in self.varied],
            "wanted": [str(wanted) for wanted in self.wanted],
            "combinations": len(self.trials),
            "exact": [list(trial.values) for trial in self.trials if trial.exact],
            "inexact": [list(trial.values) for trial in self.working if not trial.exact],
            "fitting": len(self.solutions),
            "solutions": [trial.to_dict() for trial in self.solutions[:limit]],
            "nearest": [trial.to_dict() for trial in self.nearest[:limit]],
            "failures": [_failures(group) for group in failure_groups(self)],
        }


def failure_groups(study: Study) -> list[list[Trial]]:
    """The failing trials grouped by message and layer, the most frequent first."""
    groups: dict[tuple[str, str, int, int], list[Trial]] = {}
    for trial in study.failing:
        assert trial.failure is not None
        key = (trial.failure.code, trial.failure.layer, trial.failure.line, trial.failure.column)
        groups.setdefault(key, []).append(trial)
    return sorted(groups.values(), key=len, reverse=True)


def _failures(group: list[Trial]) -> dict[str, Any]:
    failure = group[0].failure
    assert failure is not None
    return {**failure._asdict(), "layer": failure.layer, "values": [list(trial.values) for trial in group]}
