"""The public function that evaluates every variant of a spec."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from typing import Any, NamedTuple, TextIO

from cnncalc.analysis.analyze import check_amount
from cnncalc.diagnostics import SpecError
from cnncalc.graph.document import Overrides, build
from cnncalc.graph.memo import BuildCache
from cnncalc.graph.model import Doubt, Graph
from cnncalc.graph.work import LayerCount
from cnncalc.number_text import thousands
from cnncalc.reading.limits import Limits, limits_of
from cnncalc.reading.load import Reference
from cnncalc.solving.family import is_of_sizes, read_family
from cnncalc.solving.model import Amount
from cnncalc.solving.question import find_setting, unusable
from cnncalc.solving.ranges import WrittenRange
from cnncalc.solving.wanted import Metric, part_of, read_wanted
from cnncalc.sweeping.chunks import Chunks
from cnncalc.sweeping.front import Front, Objective, read_objectives
from cnncalc.sweeping.plan import SweepPlan
from cnncalc.sweeping.variant import SweepTally, Variant
from cnncalc.sweeping.workers import Workers

MOST = 100_000_000
"""The maximum number of combinations."""

_TRAINING = 'for the memory of a training step: cnncalc solve SPEC --vary batch=1..4096 --want "training_memory<=24GiB"'

COLUMNS = tuple(
    Metric("", figure)
    for figure in (
        "output", "layers", "params", "macs", "flops", "param_bytes", "activation_bytes", "peak_activation_bytes",
        "receptive_field", "effective_stride",
    )
)  # fmt: skip
"""The metrics of every sweep; those of conditions and of the front are added."""


class SweepOptions(NamedTuple):
    """The number of jobs, and the options of `analyze` besides its source."""

    jobs: int = 1
    input: object = None
    variables: Mapping[str, object] | None = None
    convention: str | None = None
    layout: str | None = None
    batch: int = 1
    dtype: str | None = None
    limits: Limits | None = None
    stdin: TextIO | None = None


class Sweep:
    """The variants of a spec, evaluated while they are iterated. Each iteration begins anew."""

    def __init__(
        self, name: str, plan: SweepPlan, objectives: tuple[Objective, ...], workers: Workers,
        doubts: tuple[Doubt, ...] = (),
    ) -> None:  # fmt: skip
        self.name = name
        self.plan = plan
        self.objectives = objectives
        self.tally = SweepTally()
        """The counts of the iteration that began last."""
        self.doubts = doubts
        """The inputs of the original spec whose sizes were probably meant differently."""
        self.remarks = plan.family.document.remarks
        self._workers = workers

    def __len__(self) -> int:
        """The number of combinations."""
        return self.plan.family.size

    def __iter__(self) -> Iterator[Variant]:
        """The variants that can be built and meet the conditions."""
        for variants in self.batches():
            yield from (variant for variant in variants if variant.failure is None)

    def figures(self, variant: Variant) -> dict[str, Any]:
        """The metrics of a variant by their names."""
        return dict(zip(map(str, self.plan.metrics), variant.figures, strict=True))

    def front(self) -> list[Variant]:
        """The variants of the Pareto front, best in the first metric first."""
        front = Front(self.objectives, self.plan.metrics)
        for variants in self.batches():
            front.add(variants)
        return front.ordered

    def batches(self, after: SweepTally | None = None) -> Iterator[list[Variant]]:
        """The variants that meet the conditions, and those that cannot be built, in lists that follow one another.

        `after` has the counts of an earlier run, whose combinations are not evaluated again.
        """
        self.tally = tally = after or SweepTally()
        chunks = Chunks(tally.tried, len(self))
        for bounds, variants in self._workers.results(self.plan, chunks):
            tally.tried = bounds[1]
            for variant in variants:
                tally.add(variant)
            yield variants


def sweep(
    source: Reference, vary: Mapping[str, WrittenRange], *, keep: str | Iterable[str] = (), pareto: str | None = None,
    executor: Executor | None = None, **options: Any,
) -> Sweep:  # fmt: skip
    """Every combination of the values in `vary`, which maps inputs and variables to ranges, as in `solve_sizes`.

    `keep` has conditions (`"params<=5M, macs<=300M"`), `pareto` the metrics of `front()`: `"macs,receptive_field:max"`.
    With `jobs=4`, four processes evaluate chunks; with an `executor`, its workers do, and `jobs` is the number of
    chunks that wait on it. The other options are those of `analyze`. Raises SpecError for an invalid spec.

    >>> found = sweep("12x12x3 -> conv 8 3x3 -> max_pool 2", {"input": "4..12:4"}, keep="macs<=10k")
    >>> [(variant.values, found.figures(variant)["macs"]) for variant in found]
    [((4,), 864), ((8,), 7776)]
    """
    taken = SweepOptions(**options)
    check_amount(taken.batch, taken.dtype)
    if taken.convention is not None or taken.layout is not None:
        find_setting(taken.convention, taken.layout)
    bounds = limits_of("sweep", taken.limits)
    overrides = Overrides(taken.input, taken.variables, taken.convention, taken.layout, None, bounds)
    keep = tuple(_split(keep))
    try:
        family = read_family(source, vary, overrides, taken.stdin)
    except SpecError as error:
        if "batch" in vary and error.diagnostics[0].code == "E206":
            raise unusable("vary batch: sweep has one batch size for all variants", _TRAINING) from None
        raise
    if family.size > MOST:
        raise unusable(
            f"{thousands(family.size)} combinations are more than {thousands(MOST)}", "use steps: 32..512:32"
        )
    conditions = tuple(read_wanted(text) for text in keep)
    objectives = read_objectives(pareto) if pareto is not None else ()
    asked = [*(wanted.metric for wanted in conditions), *(objective.metric for objective in objectives)]
    metrics = dict.fromkeys((*COLUMNS, *asked))
    plan = SweepPlan(family, tuple(metrics), conditions, Amount(taken.batch, taken.dtype))
    checked = _checked(plan)
    workers = Workers(source, overrides, executor, taken.jobs)
    return Sweep(checked.name, plan._replace(has_budget=checked.has_budget), objectives, workers, checked.doubts)


def _split(given: str | Iterable[str]) -> Iterator[str]:
    for text in (given,) if isinstance(given, str) else given:
        yield from filter(None, (part.strip() for part in text.split(",")))


class _CheckedSpec(NamedTuple):
    """The facts about a spec that hold for all of its variants."""

    name: str
    doubts: tuple[Doubt, ...]
    has_budget: bool


def _checked(plan: SweepPlan) -> _CheckedSpec:
    """Check what no values can make valid. Raises SpecError for a spec or a metric of that kind.

    The first and the last combination are tried: an error in both that has nothing to do with sizes is one of the text,
    and a layer that both lack is misspelt.
    """
    cache = BuildCache()
    ends = dict.fromkeys((0, plan.family.size - 1))
    built = [plan.family.build(plan.family.values(place), cache, LayerCount()) for place in ends]
    graphs = [graph for graph, _ in built if graph is not None]
    if not graphs and not any(is_of_sizes(diagnostics) for _, diagnostics in built):
        raise SpecError(built[0][1])
    if graphs:
        for metric in plan.metrics:
            _check_metric(metric, graphs)
    root = plan.family.document.root
    assert root is not None
    written, _ = build(root, plan.family.base.overrides, cache)
    has_budget = any(claim.kind == "budget" for graph in (*graphs, *filter(None, [written])) for claim in graph.claims)
    return _CheckedSpec(next((graph.name for graph in graphs), ""), written.doubts if written else (), has_budget)


def _check_metric(metric: Metric, graphs: list[Graph]) -> None:
    """Raise SpecError if none of the models has the layer of a metric."""
    errors = []
    for graph in graphs if metric.name else ():
        try:
            part_of(graph, metric.name)
        except SpecError as error:
            errors.append(error)
    if errors and len(errors) == len(graphs):
        raise errors[0]
