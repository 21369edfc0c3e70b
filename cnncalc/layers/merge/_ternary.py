"""The base of functions of three tensors that PyTorch computes in one step."""

from __future__ import annotations

from math import prod
from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers.base import Array
from cnncalc.layers.merge._merge import Merge, aligned


class Ternary(Merge):
    """Combines three inputs element by element."""

    inputs: ClassVar[tuple[int, int | None]] = (3, 3)
    operations: ClassVar[int] = 3
    """The number of operations per element of the output."""

    def elementwise(self, *shapes: Shape) -> int:
        return self.operations * prod(shapes[-1])

    def forward(self, np: ModuleType, *arrays: Array) -> Array:
        return self.compute(np, *aligned(self, arrays))

    def compute(self, np: ModuleType, x: Array, a: Array, b: Array) -> Array:
        """The output's elements."""
        raise NotImplementedError
