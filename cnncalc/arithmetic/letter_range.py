"""The sizes of letters for which noted conditions hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import lcm
from typing import NamedTuple

from cnncalc.arithmetic.lettered import NotedCondition
from cnncalc.arithmetic.linear_form import add, least, letters_of, period_of, scaled, slope, value_of, whole

_LONGEST = 4096
"""The longest period of remainders that are combined."""


class LetterRange(NamedTuple):
    """The sizes of one letter: from `low` to `high` (None: without end), with the allowed remainders of a division."""

    name: str
    low: int = 1
    high: int | None = None
    divisor: int = 1
    remainders: frozenset[int] = frozenset((0,))

    def __contains__(self, size: object) -> bool:
        assert isinstance(size, int)
        return (
            self.low <= size
            and (self.high is None or size <= self.high)
            and size % self.divisor in self.remainders
        )  # fmt: skip

    def following(self, size: int) -> int | None:
        """The first size of the range from a size on; None after its end."""
        first = max(self.low, size)
        return next((each for each in range(first, first + self.divisor) if each in self), None)


class HeldRange(NamedTuple):
    """A range for each letter, and the conditions that are not a range of one letter."""

    letters: tuple[LetterRange, ...]
    others: tuple[NotedCondition, ...] = ()

    def holds(self, sizes: Mapping[str, int]) -> bool:
        return all(sizes[each.name] in each for each in self.letters) and all(
            is_met(condition, sizes) for condition in self.others
        )


def is_met(condition: NotedCondition, sizes: Mapping[str, int]) -> bool:
    """Whether a condition holds for some sizes."""
    value = value_of(condition.form, sizes)
    return {">=": value >= 0, "==": value == 0, "!=": value != 0}[condition.relation]


def held_range(conditions: Iterable[NotedCondition], sizes: Mapping[str, int]) -> HeldRange:
    """The range around `sizes`, where all conditions hold, in which they still hold.

    It may be a part of all sizes where they hold, never more.
    """
    ranges = {name: LetterRange(name) for name in sizes}
    others = []
    for condition in conditions:
        condition = _decided(condition, sizes)
        names = letters_of(condition.form)
        (name, *more) = names
        narrowed = None if more else _narrowed(ranges[name], condition, sizes[name])
        if narrowed is not None:
            ranges[name] = narrowed
        else:
            others.append(condition)
    lows = {name: held.low for name, held in ranges.items()}
    left = (condition for condition in dict.fromkeys(others) if not _is_implied(condition, lows))
    return HeldRange(tuple(map(_shortest, ranges.values())), tuple(left))


def _is_implied(condition: NotedCondition, lows: Mapping[str, int]) -> bool:
    """Whether a condition that holds somewhere holds for all sizes from the lowest ones on, by a bound of its form."""
    form, relation = condition
    return least(form, lows) >= (0 if relation == ">=" else 1)


def _decided(condition: NotedCondition, sizes: Mapping[str, int]) -> NotedCondition:
    """A condition that a form is not 0 as one that it is above, or below, if it has a slope."""
    form, relation = condition
    period = period_of(form)
    if relation != "!=" or len(letters_of(form)) > 1 or period is None or slope(form, period) == 0:
        return condition
    sign = 1 if value_of(form, sizes) > 0 else -1
    return NotedCondition(add(scaled(form, sign), whole(-1)), ">=")


def _narrowed(held: LetterRange, condition: NotedCondition, size: int) -> LetterRange | None:
    """The part of a range where a condition holds; None if it is not a range."""
    period = period_of(condition.form)
    if period is None:
        return None
    growth = slope(condition.form, period)
    if growth == 0:
        allowed = frozenset(r for r in range(period) if is_met(condition, {held.name: r + period}))
        return _with_remainders(held, period, allowed)
    if condition.relation != ">=":
        return None
    values = [value_of(condition.form, {held.name: 1 + step}) for step in range(period)]
    if growth > 0:
        narrowed = held._replace(low=max(held.low, _first(values, growth)))
    else:
        high = _last(values, -growth)
        narrowed = held._replace(high=high if held.high is None else min(held.high, high))
    return narrowed if size in narrowed else None


def _first(values: list[int], growth: int) -> int:
    """The size from which on a form is at least 0, which has these values from 1 on, and grows over each period."""
    return max(1 + step + len(values) * (-(value // growth) - 1) for step, value in enumerate(values)) + 1


def _last(values: list[int], loss: int) -> int:
    """The size up to which a form is at least 0, which becomes smaller over each period."""
    return min(1 + step + len(values) * (value // loss + 1) for step, value in enumerate(values)) - 1


def _with_remainders(held: LetterRange, period: int, allowed: frozenset[int]) -> LetterRange | None:
    divisor = lcm(held.divisor, period)
    if divisor > _LONGEST:
        return None
    both = frozenset(r for r in range(divisor) if r % held.divisor in held.remainders and r % period in allowed)
    return held._replace(divisor=divisor, remainders=both)


def _shortest(held: LetterRange) -> LetterRange:
    """The same range with the smallest divisor."""
    for divisor in range(1, held.divisor):
        if held.divisor % divisor == 0:
            some = frozenset(r % divisor for r in held.remainders)
            if len(held.remainders) == len(some) * (held.divisor // divisor):
                return held._replace(divisor=divisor, remainders=some)
    return held
