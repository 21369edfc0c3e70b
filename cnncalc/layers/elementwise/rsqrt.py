from __future__ import annotations

from types import ModuleType

from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Rsqrt(Function):
    """One over the square root; NaN below zero, infinite at zero.

    FLOPs: one per element.
    """

    type = "rsqrt"
    aliases = ("inverse_sqrt",)
    rule = "f(x) = 1/√x"
    sources = ("PyTorch, torch.rsqrt", "Keras, keras.ops.rsqrt")
    examples = ("16x16x8 -> rsqrt",)
    keeps = keeping.OUTPUT

    def forward(self, np: ModuleType, x: Array) -> Array:
        with np.errstate(
            invalid="ignore", divide="ignore"
        ):  # no warning: the result is NaN or infinity, as in every framework
            return 1 / np.sqrt(x)
