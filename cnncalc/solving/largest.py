"""The largest batch, input or variable with which a model can be trained in a given memory, found by bisection."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TextIO

from cnncalc.analysis.cost.training_cost import TrainingChoice, cost_of
from cnncalc.diagnostics import Refusal, SpecError
from cnncalc.graph.document import Overrides
from cnncalc.graph.memo import BuildCache
from cnncalc.graph.model import Graph
from cnncalc.graph.read_claims import quantity
from cnncalc.graph.work import LayerCount
from cnncalc.reading.load import Reference
from cnncalc.solving.family import is_of_sizes, read_family
from cnncalc.solving.question import unusable
from cnncalc.solving.ranges import RangeError, WrittenRange, read_numbers

FIGURE = "training_memory"
BATCH = "batch"
_CONDITION = re.compile(rf"\s*{FIGURE}\s*(<=|≤)\s*(\S.*)")
FORMAT = 1


class Largest(NamedTuple):
    """The largest value that meets the condition, and its memory; None if even the smallest does not."""

    name: str
    varied: str
    first: int
    last: int
    most_bytes: int
    choice: TrainingChoice
    value: int | None
    value_bytes: int | None
    next_value: int | None
    """The next larger value, which needs more; None if every value fits."""
    next_bytes: int | None
    tried: int

    @property
    def found(self) -> bool:
        return self.value is not None

    def to_dict(self) -> dict[str, Any]:
        """The machine-readable form, version `format`."""
        return {"format": FORMAT, **self._asdict(), "choice": self.choice._asdict()}


def largest(
    source: Reference, vary: Mapping[str, WrittenRange], want: Sequence[str], choice: TrainingChoice,
    overrides: Overrides | None = None, stdin: TextIO | None = None,
) -> Largest:  # fmt: skip
    """The largest value of one varied quantity with which the peak of a training step is within a limit.

    The memory must not decrease with the value, as it does not for a batch or an input. Values at which the model
    cannot be built are skipped. Raises SpecError.
    """
    most = _limit(want)
    if len(vary) != 1:
        raise unusable(f"{FIGURE}: {len(vary)} quantities vary", "give one --vary, such as batch=1..4096")
    (name, written), = vary.items()  # fmt: skip
    trials = _Trials(source, name, written, choice, overrides or Overrides(), stdin)
    values = trials.values
    low, high = -1, len(values)
    while high - low > 1:
        middle = (low + high) // 2
        needed = trials.needed(values[middle])
        low, high = (middle, high) if needed is None or needed <= most else (low, middle)
    while low >= 0 and trials.needed(values[low]) is None:
        low -= 1
    at, above = (values[place] if 0 <= place < len(values) else None for place in (low, high))
    return Largest(
        trials.model, name, values[0], values[-1], most, choice, at, None if at is None else trials.needed(at),
        above, None if above is None else trials.needed(above), len(trials.known),
    )  # fmt: skip


def _limit(want: Sequence[str]) -> int:
    """The bytes of the only condition. Raises SpecError."""
    found = _CONDITION.fullmatch(want[0]) if len(want) == 1 else None
    if found is None:
        raise unusable(f"{FIGURE} is solved alone, with <=", f'write --want "{FIGURE}<=24GiB" and no other condition')
    try:
        return quantity(found[2].strip())
    except Refusal as refusal:
        raise unusable(f"{FIGURE}: {refusal.message}", refusal.hint) from None


class _Trials:
    """The memory of a model at each value that is tried."""

    def __init__(
        self, source: Reference, name: str, written: WrittenRange, choice: TrainingChoice, overrides: Overrides,
        stdin: TextIO | None,
    ) -> None:  # fmt: skip
        self.choice = choice
        self.known: dict[int, int | None] = {}
        self.model = ""
        self._cache = BuildCache()
        self._batches: Graph | None = None
        if name != BATCH:
            self._family = read_family(source, {name: written}, overrides, stdin)
            self.values = self._family.varied[0].values
            return
        from cnncalc.analysis.analyze import load

        try:
            self.values = read_numbers(written, least=1)
        except RangeError as error:
            raise unusable(f"vary {name}: {error}") from None
        self._batches = load(
            source, input=overrides.input, variables=overrides.variables, convention=overrides.convention,
            layout=overrides.layout, limits=overrides.limits, stdin=stdin,
        )  # fmt: skip

    def needed(self, value: int) -> int | None:
        """The bytes at a value; None if it is too small for the model. Raises SpecError for other mistakes."""
        if value not in self.known:
            graph, choice = self._batches, self.choice
            if graph is None:
                graph, diagnostics = self._family.build((value,), self._cache, LayerCount())
                if graph is None and not is_of_sizes(diagnostics):
                    raise SpecError(diagnostics)
            else:
                choice = choice._replace(batch=value)
            self.model = graph.name if graph else self.model
            self.known[value] = cost_of(graph, choice).totals.peak_bytes if graph else None
        return self.known[value]
