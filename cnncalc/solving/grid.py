"""All combinations of candidates, as columns of arrays, in parts of bounded size."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any, NamedTuple

import numpy as np

from cnncalc.layers.base import Array
from cnncalc.solving.ranges import Choice

PART = 1 << 20
"""The number of combinations that are processed at once."""


class Grid(NamedTuple):
    """The combinations of values of some fields, with `said`, the values of other fields common to all of them."""

    names: tuple[str, ...]
    axes: tuple[int, ...]
    """The number of columns of each field: one for all spatial axes, or one for each."""
    values: tuple[Array, ...]
    said: dict[str, Any]

    @property
    def size(self) -> int:
        return prod(len(values) for values in self.values)

    def columns(self, places: Array) -> list[Array]:
        """The values of the combinations at `places`."""
        if not self.values:
            return []
        found = np.unravel_index(places, tuple(len(values) for values in self.values))
        return [values[index] for values, index in zip(self.values, found, strict=True)]

    def parts(self) -> Iterator[Array]:
        """The indices of all combinations, in order."""
        for start in range(0, self.size, PART):
            yield np.arange(start, min(start + PART, self.size))

    def fields(self, numbers: tuple[Any, ...]) -> dict[str, Any]:
        """The fields with the values of one row: a number, or one for each axis."""
        found, start = dict(self.said), 0
        for name, count in zip(self.names, self.axes, strict=True):
            part = numbers[start : start + count]
            found[name] = part[0] if count == 1 else tuple(part)
            start += count
        return found


def grid(choices: dict[str, Choice], said: dict[str, Any]) -> Grid:
    """The grid of the choices' values."""
    values = tuple(np.array(numbers, np.int64) for choice in choices.values() for numbers in choice.axes)
    return Grid(tuple(choices), tuple(len(choice.axes) for choice in choices.values()), values, said)


def grids(choices: dict[str, Choice], said: dict[str, Any]) -> list[Grid]:
    """One grid of the numbers, then one for each word that a field accepts."""
    spoken = next((name for name, choice in choices.items() if choice.words), None)
    if spoken is None:
        return [grid(choices, said)]
    rest = {name: choice for name, choice in choices.items() if name != spoken}
    numbers = choices[spoken]._replace(words=())
    found = grids({**choices, spoken: numbers}, said) if numbers.numbers else []
    for word in choices[spoken].words:
        found += grids(rest, {**said, spoken: None if word == UNSET else word})
    return found


UNSET = "unset"
"""The word for omitting a field, if that differs from every number."""
