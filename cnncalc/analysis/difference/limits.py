"""Limits on the change of metrics: `params=+5%`, `macs=+10M`, `receptive_field=-1`, `params=5M`, `output`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from cnncalc.analysis.difference.model import ComparedValue, Difference, FigureChange
from cnncalc.diagnostics import Refusal, did_you_mean
from cnncalc.graph.read_claims import SHORT, quantity

_COUNTED = (
    "params", "trainable_params", "non_trainable_params", "buffers", "unshared_params", "macs", "flops", "param_bytes",
    "activation_elements", "peak_activation_bytes", "layers", "receptive_field",
)  # fmt: skip
_WORDS = ("input", "output", "convention", "layout", "dtype")
_FORM = "write params=+5% (maximum growth), params=-5% (maximum decrease), params=5M (maximum), or params (no change)"
_LIMIT = re.compile(r"([+\-−]?)\s*([0-9]{1,40}(?:\.[0-9]{1,40})?)\s*(%|[kKMGTP]?i?B?)")


class Limit(NamedTuple):
    """The allowed change of a metric.

    `direction` is `+` for the maximum growth, `-` for the maximum decrease, and empty for the maximum of the new value.
    `amount` is None if no change is allowed; with `is_share`, it is a percentage of the old value.
    """

    figure: str
    direction: str
    amount: Fraction | None
    is_share: bool
    text: str
    """The allowance as written by the user, `+5%`; empty for none."""

    def is_broken(self, change: FigureChange) -> bool:
        """Whether a metric changed by more than this allows; for sizes per axis, whether any did."""
        old, new = change.old, change.new
        if not change.is_known:
            return False
        if self.amount is None or old is None or new is None:
            return old != new
        before, after = _sizes(old), _sizes(new)
        if not self.direction:
            return any(size > self.amount for size in after)
        return len(before) != len(after) or any(map(self._goes_beyond, before, after))

    def _goes_beyond(self, old: int, new: int) -> bool:
        assert self.amount is not None
        allowed = self.amount * old / 100 if self.is_share else self.amount
        return (new - old if self.direction == "+" else old - new) > allowed


class Excess(NamedTuple):
    """An exceeded limit, and the metric that exceeds it."""

    limit: Limit
    change: FigureChange


def read_limit(text: str) -> Limit:
    """Parse a limit such as `params=+5%`. Raises ValueError with the accepted forms."""
    name, equals, allowance = (part.strip() for part in text.partition("="))
    figure = SHORT.get(name.lower().replace("-", "_"), name.lower().replace("-", "_"))
    if not name:
        raise ValueError(f'"{text}" has no metric; {_FORM}')
    if figure not in (*_COUNTED, *_WORDS):
        known = ", ".join((*_COUNTED, *_WORDS))
        raise ValueError(
            f'unknown metric "{name}": {did_you_mean(figure, [*_COUNTED, *_WORDS, *SHORT]) or "known: " + known}'
        )
    if not equals:
        return Limit(figure, "", None, False, "")
    if figure in _WORDS:
        raise ValueError(f'{figure} is not a count: write only "{figure}", which allows no change')
    found = _LIMIT.fullmatch(allowance)
    if found is None:
        raise ValueError(f'{name}: "{allowance}" is not a limit; {_FORM}')
    direction = found[1].replace("−", "-")
    if found[3] == "%" and not direction:
        raise ValueError(f"{name}: {allowance} needs a sign: write +{allowance} or -{allowance}")
    return Limit(figure, direction, _amount(name, found[2], found[3]), found[3] == "%", allowance)


def _amount(name: str, number: str, unit: str) -> Fraction:
    if unit == "%":
        return Fraction(number)
    try:
        return Fraction(quantity(number + unit))
    except Refusal as refusal:
        raise ValueError(f"{name}: {refusal.message}") from None


def exceeded(difference: Difference, limits: Iterable[Limit]) -> tuple[Excess, ...]:
    """The limits that the difference exceeds, in their order."""
    pairs = ((limit, difference.total(limit.figure)) for limit in limits)
    return tuple(Excess(limit, change) for limit, change in pairs if limit.is_broken(change))


def _sizes(value: ComparedValue) -> tuple[int, ...]:
    """A count as a single size; sizes of axes unchanged."""
    if isinstance(value, tuple):
        return value
    assert isinstance(value, int)
    return (value,)
