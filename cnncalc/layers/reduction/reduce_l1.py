from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.reduction._reduction import Reduction


class ReduceL1(Reduction):
    """Sum of magnitudes along axes, the 1-norm.

    FLOPs: one per magnitude, and the additions.
    """

    type = "reduce_l1"
    rule = "y = Σ |x| over the axes"
    sources = (
        "ONNX operators, ReduceL1",
        "PyTorch, torch.linalg.vector_norm",
    )
    examples = ("7x7x512 -> reduce_l1 1x2 keep=true", "28x64 -> reduce_l1 1 keep=false")
    keeps = keeping.BOTH

    def elementwise(self, x: Shape, y: Shape) -> int:
        return 2 * prod(x) - prod(y)

    def reduce(self, np: ModuleType, x: Array, axes: tuple[int, ...], keep: bool) -> Array:
        return np.abs(x).sum(axis=axes, keepdims=keep)
