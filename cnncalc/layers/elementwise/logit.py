from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Logit(Function):
    """Inverse of the logistic function: the logarithm of the odds; infinite at 0 and 1, NaN beyond.

    FLOPs: one per element.
    """

    type = "logit"
    rule = "f(x) = ln(x/(1 − x))"
    sources = ("PyTorch, torch.logit",)
    examples = ("16x16x8 -> logit",)

    def forward(self, np: ModuleType, x: Array) -> Array:
        with np.errstate(
            invalid="ignore", divide="ignore"
        ):  # no warning: the result is NaN or infinity, as in every framework
            return np.log(x / (1 - x))
