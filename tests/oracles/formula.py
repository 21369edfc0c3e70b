"""Numbers that every version of NumPy makes alike, so that recorded outputs need no recorded inputs."""

from __future__ import annotations

from math import prod, sqrt
from random import Random
from typing import Any

import numpy as np

Shape = int | tuple[int, ...] | None


class Formula(np.random.Generator):
    """A generator whose numbers follow from its name and from the bits of PCG64 alone.

    NumPy promises these bits for good, but not what its own distributions make of them.
    """

    def __init__(self, name: str) -> None:
        super().__init__(np.random.PCG64(Random(name).getrandbits(64)))

    def random(self, size: Shape = None, dtype: Any = np.float64, out: None = None) -> Any:
        """Multiples of 2^-24 from 0 to 1, which float32 holds exactly."""
        bits = self.bit_generator.random_raw(1 if size is None else prod(np.atleast_1d(size)))
        numbers = (bits >> np.uint64(40)) / 2**24
        return float(numbers[0]) if size is None else numbers.reshape(size).astype(dtype)

    def uniform(self, low: Any = 0.0, high: Any = 1.0, size: Shape = None) -> Any:
        return low + (high - low) * self.random(size)

    def integers(self, low: Any, high: Any = None, size: Shape = None, *_: Any, **__: Any) -> Any:
        return np.floor(self.uniform(low, high, size)).astype(np.int64)

    def standard_normal(self, size: Shape = None, dtype: Any = np.float64, out: None = None) -> Any:
        """Sums of four uniform numbers, of mean 0 and variance 1: never beyond 3.47."""
        total = sum(self.random(size) for _ in range(4))
        return ((total - 2) * sqrt(3)).astype(dtype)
