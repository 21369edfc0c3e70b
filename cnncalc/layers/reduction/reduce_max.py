from __future__ import annotations

from types import ModuleType

from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.reduction._reduction import Reduction


class ReduceMax(Reduction):
    """Maximum along axes.

    FLOPs: the comparisons.
    """

    type = "reduce_max"
    aliases = ("amax",)
    rule = "y = max x over the axes"
    sources = (
        "ONNX operators, ReduceMax",
        "PyTorch, torch.amax",
        "Keras, keras.ops.max",
    )
    examples = ("7x7x512 -> reduce_max 1x2 keep=true", "28x64 -> reduce_max 1 keep=false")
    keeps = keeping.BOTH

    def reduce(self, np: ModuleType, x: Array, axes: tuple[int, ...], keep: bool) -> Array:
        return x.max(axis=axes, keepdims=keep)
