"""A number that represents many candidates at once.

The rules of a layer are written once, for plain ints. Given a `Many` as a field, the same code computes on an array
with one number per candidate. If a condition (`if extent > W`) differs between candidates, `Divided` ends the run, and
`evaluate` runs the rule again on each part, until every condition has one result per run. Therefore, rejections,
rounding and lookups always come from the rule itself.

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
"""A rule that computes results from one number, an int or a `Many`, for each column of candidates."""


class Divided(Exception):  # noqa: N818 - not an error: it requests separate runs of the parts
    """Raised if a condition differs between candidates; `parts` are the indices of each part."""

    def __init__(self, parts: list[Array]) -> None:
        super().__init__()
        self.parts = parts


class Many:
    """One number for each candidate, with the operators that the rules use.

    It is not an int, and is never converted silently: `bool` and `int` work only if all candidates agree. Its text,
    which no result depends on, is that of the first candidate.
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
        """The common number of all candidates; raises Divided, with a part per number, if they differ."""
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
    """The results of a rule: a row for each result, a column for each candidate; 0 for rejected candidates."""

    figures: Array
    taken: Array
    """Whether the rule accepted the candidate."""
    refusals: Counter[str]
    """The number of rejected candidates by message."""


def evaluate(rule: VectorRule, columns: Sequence[Array], count: int, size: int) -> Evaluated:
    """Run `rule`, which gives `count` results, on `size` candidates with a number from each of the `columns`."""
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
    """A plain int if all candidates have the same number, so that the rule runs fast."""
    return int(values[0]) if len(values) == 1 or (values == values[0]).all() else Many(values)
