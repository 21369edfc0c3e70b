"""A bounded memory of values under their keys."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")
K = TypeVar("K")

MOST_VALUES = 16_384
"""The number of values that are kept of one kind."""


class Kept(dict[K, T]):
    """Values under their keys. Once they are too large together, all are dropped, and those still needed come back."""

    def __init__(self) -> None:
        self._held = 0

    def keep(self, key: K, value: T, size: int = 1) -> T:
        """Keep a value, which counts as `size` small ones, and return it."""
        self._held += size
        if self._held > MOST_VALUES:
            self.clear()
            self._held = size
        self[key] = value
        return value
