"""Names that are given once: a name that is taken gets a number."""

from __future__ import annotations

from collections.abc import Iterable


class FreeNames:
    """The names that are taken.

    The last number of each name is kept, so that many equal names are not counted up from 2 each time. A kept number
    cannot be wrong, because no name becomes free again.

    >>> names = FreeNames(["x"])
    >>> names.take("x"), names.take("x"), names.take("y"), "x_3" in names
    ('x_2', 'x_3', 'y', True)
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._numbers: dict[str, int] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._taken

    def take(self, name: str) -> str:
        """The name, or the name with the lowest free number from 2."""
        found, number = name, self._numbers.get(name, 1)
        while found in self._taken:
            number += 1
            found = f"{name}_{number}"
        self._numbers[name] = number
        self._taken.add(found)
        return found
