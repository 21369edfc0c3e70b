from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Log1p(Function):
    """Natural logarithm of the input plus one, accurate near zero; NaN below −1.

    FLOPs: one per element.
    """

    type = "log1p"
    rule = "f(x) = ln(1 + x)"
    sources = ("PyTorch, torch.log1p", "Keras, keras.ops.log1p")
    examples = ("16x16x8 -> log1p",)

    def forward(self, np: ModuleType, x: Array) -> Array:
        with np.errstate(
            invalid="ignore", divide="ignore"
        ):  # no warning: the result is NaN or infinity, as in every framework
            return np.log1p(x)
