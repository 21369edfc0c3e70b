from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Log(Function):
    """Natural logarithm; NaN below zero, minus infinity at zero.

    FLOPs: one per element.
    """

    type = "log"
    aliases = ("ln", "logarithm")
    rule = "f(x) = ln x"
    sources = ("ONNX operators, Log", "PyTorch, torch.log")
    examples = ("16x16x8 -> log", "32x32x3 -> conv 16 3x3 log")
    usable_as_activation = True

    def forward(self, np: ModuleType, x: Array) -> Array:
        with np.errstate(
            invalid="ignore", divide="ignore"
        ):  # no warning: the result is NaN or −∞, as in every framework
            return np.log(x)
