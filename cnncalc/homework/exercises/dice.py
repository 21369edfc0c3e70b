"""Random choices that are reproducible by seed on every machine and in every version of Python."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Numbers from a hash of the seed and a counter.

    The kind of an exercise comes from a seed of its own, so that students with other numbers get the same kinds; the
    next exercise of a topic in a sheet, its `turn`, is of another kind.
    """

    def __init__(self, seed: str, kinds: str = "", turn: int = 0) -> None:
        self._seed = seed
        self._kinds = kinds or f"{seed}/kinds"
        self._turn = turn
        self._thrown = 0
        self._chosen = 0

    def below(self, count: int) -> int:
        """A whole number from 0 to `count` − 1."""
        self._thrown += 1
        return _hashed(f"{self._seed}/{self._thrown}") % count

    def number(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def choice(self, options: Sequence[T]) -> T:
        """One of several."""
        return options[self.below(len(options))]

    def kind(self, options: Sequence[T]) -> T:
        """One of several kinds of exercises: another one in the next turn."""
        self._chosen += 1
        return options[(_hashed(f"{self._kinds}/{self._chosen}") + self._turn) % len(options)]

    def chance(self, percent: int) -> bool:
        """True with a probability of `percent` per cent; it belongs to the kind of the exercise."""
        self._chosen += 1
        return _hashed(f"{self._kinds}/{self._turn}/{self._chosen}") % 100 < percent


def _hashed(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big")
