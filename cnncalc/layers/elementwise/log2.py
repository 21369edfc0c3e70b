from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Log2(Function):
    """Logarithm to the base 2; NaN below zero, minus infinity at zero.

    FLOPs: one per element.
    """

    type = "log2"
    rule = "f(x) = log₂ x"
    sources = ("PyTorch, torch.log2", "Keras, keras.ops.log2")
    examples = ("16x16x8 -> log2",)

    def forward(self, np: ModuleType, x: Array) -> Array:
        with np.errstate(
            invalid="ignore", divide="ignore"
        ):  # no warning: the result is NaN or infinity, as in every framework
            return np.log2(x)
