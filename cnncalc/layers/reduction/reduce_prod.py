from __future__ import annotations

from types import ModuleType

from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.reduction._reduction import Reduction


class ReduceProd(Reduction):
    """Product along axes.

    FLOPs: the products.
    """

    type = "reduce_prod"
    aliases = ("prod",)
    rule = "y = Π x over the axes"
    sources = (
        "ONNX operators, ReduceProd",
        "PyTorch, torch.prod",
        "Keras, keras.ops.prod",
    )
    examples = ("7x7x512 -> reduce_prod 1x2 keep=true", "28x64 -> reduce_prod 1 keep=false")
    keeps = keeping.BOTH

    def reduce(self, np: ModuleType, x: Array, axes: tuple[int, ...], keep: bool) -> Array:
        return x.prod(axis=axes, keepdims=keep)
