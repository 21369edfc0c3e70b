"""A number that stands for many candidates at once.

The rules of a layer are written once, for plain ints. Given a `Many` in the place of a field, the same code computes
on an array with one number for each candidate. Where it asks a question (`if extent > W`) whose answer differs from
candidate to candidate, `Divided` ends the run, and `evaluate` runs the rule again on each part, until every run has
one answer to each question. So whatever a rule refuses, rounds or looks up is its own doing, here as elsewhere.

>>> import numpy as np
>>> evaluate(lambda F: ((8 - F) // 2 + 1 if F < 8 else 0,), [np.array([1, 2, 3, 9])], 1, 4).figures
array([[4, 4, 3, 0]])
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from cnncalc.diagnostics import Refusal
from cnncalc.layers.base import Array

VectorRule = Callable[..., Sequence[Any]]
"""A rule's figures from one number, an int or a `Many`, for each column of candidates."""


class Divided(Exception):  # noqa: N818 - not an error: it asks for the parts to be run one by one
    """Raised where the candidates part ways; `parts` are the places of each part."""

    def __init__(self, parts: list[Array]) -> None:
        super().__init__()
        self.parts = parts


class Many:
    """One number for each candidate, under the operators that the rules use.

    It is no int, and never becomes one silently: `bool` and `int` are taken only where all candidates agree. A text,
    which no figure follows from, is that of the first candidate.
    """

    __slots__ = ("values",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, values: Array) -> None:
        self.values = values

    def __bool__(self) -> bool:
        holds = self.values != 0
        if holds.all():
            return True
        if not holds.any():
            return False
        raise Divided([np.flatnonzero(holds), np.flatnonzero(~holds)])

    def _only(self) -> Any:
        """The number that all candidates have; divides them by number where it differs."""
        first = self.values[0]
        if (self.values == first).all():
            return first
        order = np.argsort(self.values, kind="stable")
        ends = np.flatnonzero(np.diff(self.values[order])) + 1
        raise Divided(np.split(order, ends))

    def __int__(self) -> int:
        return int(self._only())

    def __format__(self, form: str) -> str:
        return format(self.values[0].item(), form)

    def __str__(self) -> str:
        return str(self.values[0].item())

    def __add__(self, other: Any) -> Many:
        return Many(self.values + _plain(other))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Many:
        return Many(self.values - _plain(other))

    def __rsub__(self, other: Any) -> Many:
        return Many(_plain(other) - self.values)

    def __mul__(self, other: Any) -> Many:
        return Many(self.values * _plain(other))

    __rmul__ = __mul__

    def __floordiv__(self, other: Any) -> Many:
        return Many(self.values // _plain(other))

    def __rfloordiv__(self, other: Any) -> Many:
        return Many(_plain(other) // self.values)

    def __mod__(self, other: Any) -> Many:
        return Many(self.values % _plain(other))

    def __rmod__(self, other: Any) -> Many:
        return Many(_plain(other) % self.values)

    def __truediv__(self, other: Any) -> Many:
        return Many(self.values / _plain(other))

    def __eq__(self, other: object) -> Any:
        return Many(self.values == _plain(other)) if isinstance(other, int | Many) else False

    def __ne__(self, other: object) -> Any:
        return Many(self.values != _plain(other)) if isinstance(other, int | Many) else True

    def __lt__(self, other: Any) -> Many:
        return Many(self.values < _plain(other))

    def __le__(self, other: Any) -> Many:
        return Many(self.values <= _plain(other))

    def __gt__(self, other: Any) -> Many:
        return Many(self.values > _plain(other))

    def __ge__(self, other: Any) -> Many:
        return Many(self.values >= _plain(other))


def _plain(number: Any) -> Any:
    return number.values if isinstance(number, Many) else number


class Evaluated(NamedTuple):
    """What a rule gave: a row for each figure, a column for each candidate; 0 where it refused."""

    figures: Array
    taken: Array
    """Whether the rule took the candidate."""
    refusals: Counter[str]
    """How many candidates it refused, by what it said."""


def evaluate(rule: VectorRule, columns: Sequence[Array], count: int, size: int) -> Evaluated:
    """Run `rule`, which gives `count` figures, on `size` candidates: a number from each of the `columns`."""
    found = Evaluated(np.zeros((count, size), np.int64), np.zeros(size, np.bool_), Counter())
    pending = [np.arange(size)] if size else []
    while pending:
        places = pending.pop()
        try:
            figures = rule(*(_number(column[places]) for column in columns))
        except Divided as divided:
            pending.extend(places[part] for part in divided.parts)
        except Refusal as refusal:
            found.refusals[refusal.message] += len(places)
        else:
            found.taken[places] = True
            for row, figure in zip(found.figures, figures, strict=True):
                row[places] = _plain(figure)
    return found


def _number(values: Array) -> Any:
    """A plain int where all candidates have the same number, so that the rule runs as fast as it can."""
    return int(values[0]) if len(values) == 1 or (values == values[0]).all() else Many(values)
