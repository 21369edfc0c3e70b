"""How much a figure may change: `params=+5%`, `macs=+10M`, `receptive_field=-1`, `params=5M`, `output`."""

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
_FORM = (
    "write params=+5% (may grow by), params=-5% (may fall by), params=5M (may be at most), or params (may not change)"
)
_LIMIT = re.compile(r"([+\-−]?)\s*([0-9]{1,40}(?:\.[0-9]{1,40})?)\s*(%|[kKMGTP]?i?B?)")


class Limit(NamedTuple):
    """What is allowed of a figure.

    `direction` is `+` for how much it may grow, `-` for how much it may fall, empty for the most that the new one may
    be. `amount` is None where it may not change at all; `is_share` makes it a hundredth part of the old figure.
    """

    figure: str
    direction: str
    amount: Fraction | None
    is_share: bool
    text: str
    """The allowance as the user wrote it, `+5%`; empty for none."""

    def is_broken(self, change: FigureChange) -> bool:
        """Whether a figure has changed more than this allows; of sizes per axis, whether any has."""
        old, new = change.old, change.new
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
    """A limit that is broken, and the figure that breaks it."""

    limit: Limit
    change: FigureChange


def read_limit(text: str) -> Limit:
    """A limit as people write it: `params=+5%`. Raises ValueError that says what to write instead."""
    name, equals, allowance = (part.strip() for part in text.partition("="))
    figure = SHORT.get(name.lower().replace("-", "_"), name.lower().replace("-", "_"))
    if not name:
        raise ValueError(f'"{text}" names no figure; {_FORM}')
    if figure not in (*_COUNTED, *_WORDS):
        known = ", ".join((*_COUNTED, *_WORDS))
        raise ValueError(
            f'there is no figure "{name}": {did_you_mean(figure, [*_COUNTED, *_WORDS, *SHORT]) or "known: " + known}'
        )
    if not equals:
        return Limit(figure, "", None, False, "")
    if figure in _WORDS:
        raise ValueError(f'{figure} is no count: write "{figure}" alone, which allows no change')
    found = _LIMIT.fullmatch(allowance)
    if found is None:
        raise ValueError(f'{name}: "{allowance}" is no limit; {_FORM}')
    direction = found[1].replace("−", "-")
    if found[3] == "%" and not direction:
        raise ValueError(f"{name}: {allowance} of what? write +{allowance} or -{allowance}")
    return Limit(figure, direction, _amount(name, found[2], found[3]), found[3] == "%", allowance)


def _amount(name: str, number: str, unit: str) -> Fraction:
    if unit == "%":
        return Fraction(number)
    try:
        return Fraction(quantity(number + unit))
    except Refusal as refusal:
        raise ValueError(f"{name}: {refusal.message}") from None


def exceeded(difference: Difference, limits: Iterable[Limit]) -> tuple[Excess, ...]:
    """The limits that the difference breaks, in their order."""
    pairs = ((limit, difference.total(limit.figure)) for limit in limits)
    return tuple(Excess(limit, change) for limit, change in pairs if limit.is_broken(change))


def _sizes(value: ComparedValue) -> tuple[int, ...]:
    """A count as one size; sizes of axes as they are."""
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, int) else ()
