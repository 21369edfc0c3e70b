from __future__ import annotations

from types import ModuleType

from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.reduction._reduction import Reduction


class ReduceSum(Reduction):
    """Sum along axes.

    FLOPs: the additions.
    """

    type = "reduce_sum"
    rule = "y = Σ x over the axes"
    sources = (
        "ONNX operators, ReduceSum",
        "PyTorch, torch.sum",
        "Keras, keras.ops.sum",
    )
    examples = ("7x7x512 -> reduce_sum 1x2 keep=true", "28x64 -> reduce_sum 1 keep=false")
    keeps = keeping.NOTHING

    def reduce(self, np: ModuleType, x: Array, axes: tuple[int, ...], keep: bool) -> Array:
        return x.sum(axis=axes, keepdims=keep)
