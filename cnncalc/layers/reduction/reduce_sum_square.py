from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.reduction._reduction import Reduction


class ReduceSumSquare(Reduction):
    """Sum of squares along axes.

    FLOPs: one per square, and the additions.
    """

    type = "reduce_sum_square"
    rule = "y = Σ x² over the axes"
    sources = ("ONNX operators, ReduceSumSquare",)
    examples = ("7x7x512 -> reduce_sum_square 1x2 keep=true", "28x64 -> reduce_sum_square 1 keep=false")
    keeps = keeping.INPUTS

    def elementwise(self, x: Shape, y: Shape) -> int:
        return 2 * prod(x) - prod(y)

    def reduce(self, np: ModuleType, x: Array, axes: tuple[int, ...], keep: bool) -> Array:
        return np.square(x).sum(axis=axes, keepdims=keep)
