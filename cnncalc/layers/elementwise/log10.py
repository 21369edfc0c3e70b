from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Log10(Function):
    """Logarithm to the base 10, as for decibels; NaN below zero, minus infinity at zero.

    FLOPs: one per element.
    """

    type = "log10"
    rule = "f(x) = log₁₀ x"
    sources = ("PyTorch, torch.log10", "Keras, keras.ops.log10")
    examples = ("16x16x8 -> log10",)

    def forward(self, np: ModuleType, x: Array) -> Array:
        with np.errstate(
            invalid="ignore", divide="ignore"
        ):  # no warning: the result is NaN or infinity, as in every framework
            return np.log10(x)
