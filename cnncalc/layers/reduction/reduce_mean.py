from __future__ import annotations

from types import ModuleType

from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.reduction._reduction import Reduction


class ReduceMean(Reduction):
    """Mean along axes.

    FLOPs: the additions; the division is not counted.
    """

    type = "reduce_mean"
    rule = "y = Σ x / n over the axes"
    sources = (
        "ONNX operators, ReduceMean",
        "PyTorch, torch.mean",
        "Keras, keras.ops.mean",
    )
    examples = ("7x7x512 -> reduce_mean 1x2 keep=true", "28x64 -> reduce_mean 1 keep=false")
    keeps = keeping.NOTHING

    def reduce(self, np: ModuleType, x: Array, axes: tuple[int, ...], keep: bool) -> Array:
        return x.mean(axis=axes, keepdims=keep)
