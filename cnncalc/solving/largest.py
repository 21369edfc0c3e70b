"""The largest batch, input or variable with which a model can be trained in a given memory."""

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
from cnncalc.solving.wanted import TRAINING_MEMORY

BATCH = "batch"
_CONDITION = re.compile(rf"\s*{TRAINING_MEMORY}\s*(<=|≤)\s*(\S.*)")
FORMAT = 1
MOST_TRIED = 500
"""The number of values of a variable that are tried."""


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
    """The next larger value, which needs more; None if no larger value can be built."""
    next_bytes: int | None
    unbuilt_from: int | None
    """The first of the last values of the range, if the model cannot be built with any of them."""
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

    A batch or an input is found by bisection, since memory grows with it; every value of a variable is tried. Values at
    which the model cannot be built are skipped. Raises SpecError.
    """
    most = _limit(want)
    if len(vary) != 1:
        raise unusable(f"{TRAINING_MEMORY}: {len(vary)} quantities vary", "give one --vary, such as batch=1..4096")
    (name, written), = vary.items()  # fmt: skip
    trials = _Trials(source, name, written, choice, overrides or Overrides(), stdin)
    values = trials.values
    low, high = trials.bisect(most) if trials.grows else trials.try_all(most)
    at, above = (values[place] if 0 <= place < len(values) else None for place in (low, high))
    unbuilt = values[low + 1] if above is None and low + 1 < len(values) else None
    return Largest(
        trials.model, name, values[0], values[-1], most, choice._replace(dtype=trials.dtype), at,
        None if at is None else trials.needed(at), above, None if above is None else trials.needed(above), unbuilt,
        len(trials.known),
    )  # fmt: skip


def _limit(want: Sequence[str]) -> int:
    """The bytes of the only condition. Raises SpecError."""
    found = _CONDITION.fullmatch(want[0]) if len(want) == 1 else None
    if found is None:
        raise unusable(
            f"{TRAINING_MEMORY} is solved alone, with <=",
            f'write --want "{TRAINING_MEMORY}<=24GiB" and no other condition',
        )
    try:
        return quantity(found[2].strip(), floor=True)
    except Refusal as refusal:
        raise unusable(f"{TRAINING_MEMORY}: {refusal.message}", "for example 24GiB, 24GB, 1.5GiB or bytes; units are "
                       "K, M, G, T, P and Ki, Mi, Gi, Ti, Pi, with or without B") from None  # fmt: skip


class _Trials:
    """The memory of a model at each value that is tried."""

    def __init__(
        self, source: Reference, name: str, written: WrittenRange, choice: TrainingChoice, overrides: Overrides,
        stdin: TextIO | None,
    ) -> None:  # fmt: skip
        self.choice = choice
        self.known: dict[int, int | None] = {}
        self.model = ""
        self.dtype = choice.dtype or "float32"
        self._cache = BuildCache()
        self.grows = True
        """Whether the memory grows with the value, as for a batch or an input."""
        self._batches: Graph | None = None
        if name != BATCH:
            self._family = read_family(source, {name: written}, overrides, stdin)
            self.values = self._family.varied[0].values
            self.grows = self._family.varied[0].input is not None
            if not self.grows and len(self.values) > MOST_TRIED:
                message = f"vary {name}: {len(self.values)} values, but at most {MOST_TRIED} of a variable are tried"
                raise unusable(message, "give a smaller range, or a step, such as 8..512:8")
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
            found = cost_of(graph, choice) if graph else None
            self.dtype = found.dtype if found else self.dtype
            self.known[value] = found.totals.peak_bytes if found else None
        return self.known[value]

    def bisect(self, most: int) -> tuple[int, int]:
        """The places of the largest value that fits, and of the next one that needs more; -1 and the end if none."""
        low, high = -1, len(self.values)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._fits(middle, most) is not False else (low, middle)
        while low >= 0 and self.needed(self.values[low]) is None:
            low -= 1
        return low, high

    def try_all(self, most: int) -> tuple[int, int]:
        """The same places, from every value."""
        fits = [self._fits(place, most) for place in range(len(self.values))]
        low = max((place for place, one in enumerate(fits) if one), default=-1)
        return low, next((place for place in range(low + 1, len(fits)) if fits[place] is False), len(fits))

    def _fits(self, place: int, most: int) -> bool | None:
        """Whether the value fits; None if the model cannot be built."""
        needed = self.needed(self.values[place])
        return None if needed is None else needed <= most
