from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.reduction._reduction import Reduction


class ReduceL2(Reduction):
    """Euclidean length along axes, the 2-norm.

    FLOPs: one per square, the additions, and one per root.
    """

    type = "reduce_l2"
    rule = "y = √(Σ x²) over the axes"
    sources = (
        "ONNX operators, ReduceL2",
        "PyTorch, torch.linalg.vector_norm",
    )
    examples = ("7x7x512 -> reduce_l2 1x2 keep=true", "28x64 -> reduce_l2 1 keep=false")
    keeps = keeping.BOTH

    def elementwise(self, x: Shape, y: Shape) -> int:
        return 2 * prod(x)

    def reduce(self, np: ModuleType, x: Array, axes: tuple[int, ...], keep: bool) -> Array:
        return np.sqrt(np.square(x).sum(axis=axes, keepdims=keep))
