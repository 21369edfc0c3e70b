from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.merge._merge import Merge


class Average(Merge):
    """Mean of the inputs, element by element.

    FLOPs: one for each input per output element: the additions and the division.
    """

    type = "average"
    alone = ("keras", "onnx")
    aliases = ("mean",)
    examples = ("32x32x16 -> average(conv 16 3x3 p1 | identity)",)
    keeps = keeping.NOTHING

    def elementwise(self, *shapes: Shape) -> int:
        return prod(shapes[-1]) * (len(shapes) - 1)

    def combine(self, np: ModuleType, one: Array, other: Array) -> Array:
        return one + other

    def forward(self, np: ModuleType, *arrays: Array) -> Array:
        return super().forward(np, *arrays) / len(arrays)
