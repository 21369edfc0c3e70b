"""The plan of a sweep, and the evaluation of a part of its combinations.

A chunk is two numbers and the plan: evaluating it changes nothing, and gives the same variants wherever and however
often it runs.
"""

from __future__ import annotations

from time import perf_counter
from typing import NamedTuple

from cnncalc.analysis.figures import report_on
from cnncalc.analysis.report import Report
from cnncalc.diagnostics import SpecError
from cnncalc.graph.memo import BuildCache
from cnncalc.graph.model import Graph
from cnncalc.graph.work import LayerCount
from cnncalc.solving.family import ChosenValues, Family
from cnncalc.solving.model import Amount
from cnncalc.solving.study import failure_of
from cnncalc.solving.wanted import ActualFigure, Metric, Wanted, actual_figure
from cnncalc.sweeping.variant import Variant

UNKNOWN_LAYER = "E206"


class SweepPlan(NamedTuple):
    """All that the evaluation of a combination depends on."""

    family: Family
    metrics: tuple[Metric, ...]
    """The metrics of each variant, among them those of the conditions."""
    keep: tuple[Wanted, ...]
    amount: Amount
    has_budget: bool = False
    """Whether the spec limits metrics by `budget`, so that rows have a column for it."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the varied quantities."""
        return tuple(part.name for part in self.family.varied)


class EvaluatedChunk(NamedTuple):
    """The variants of a chunk, and the seconds that they took."""

    variants: list[Variant]
    seconds: float


def evaluate_timed(plan: SweepPlan, first: int, last: int, cache: BuildCache | None = None) -> EvaluatedChunk:
    """The variants of a chunk with the time that they took where they were evaluated."""
    start = perf_counter()
    variants = evaluate(plan, first, last, cache)
    return EvaluatedChunk(variants, perf_counter() - start)


def evaluate(plan: SweepPlan, first: int, last: int, cache: BuildCache | None = None) -> list[Variant]:
    """The variants from `first` to before `last` that meet the conditions, and those that cannot be built."""
    cache = cache or BuildCache()
    found = []
    for place in range(first, last):
        variant = _evaluated(plan, place, cache)
        if variant is not None:
            found.append(variant)
    return found


def _evaluated(plan: SweepPlan, place: int, cache: BuildCache) -> Variant | None:
    """The variant with a number; None if it does not meet the conditions."""
    values = plan.family.values(place)
    graph, diagnostics = plan.family.build(values, cache, LayerCount())
    if graph is None:
        return Variant(place, values, failure=failure_of(diagnostics[0]))
    report = report_on(graph, batch=plan.amount.batch, dtype=plan.amount.dtype or graph.dtype or "float32")
    figures = figures_of(plan, graph, report)
    for wanted in plan.keep:
        actual, spatial = figures[wanted.metric]
        if not wanted.holds(actual, spatial):
            return None
    over_budget = tuple([each.message for each in report.findings])
    return Variant(place, values, tuple([figures[metric][0] for metric in plan.metrics]), over_budget=over_budget)


def figures_of(plan: SweepPlan, graph: Graph, report: Report) -> dict[Metric, tuple[ActualFigure, ChosenValues]]:
    """Each metric of a model, with the spatial axes of an output; None for that of a layer which this variant lacks."""
    found: dict[Metric, tuple[ActualFigure, ChosenValues]] = {}
    for metric in plan.metrics:
        try:
            found[metric] = actual_figure(metric, graph, report)
        except SpecError as error:
            if error.diagnostics[0].code != UNKNOWN_LAYER:
                raise
            found[metric] = (None, ())
    return found
