from __future__ import annotations

from types import ModuleType

from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.reduction._reduction import Reduction


class ReduceMin(Reduction):
    """Minimum along axes.

    FLOPs: the comparisons.
    """

    type = "reduce_min"
    aliases = ("amin",)
    rule = "y = min x over the axes"
    sources = (
        "ONNX operators, ReduceMin",
        "PyTorch, torch.amin",
        "Keras, keras.ops.min",
    )
    examples = ("7x7x512 -> reduce_min 1x2 keep=true", "28x64 -> reduce_min 1 keep=false")
    keeps = keeping.BOTH

    def reduce(self, np: ModuleType, x: Array, axes: tuple[int, ...], keep: bool) -> Array:
        return x.min(axis=axes, keepdims=keep)
