from __future__ import annotations

from types import ModuleType

from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Sqrt(Function):
    """Square root; NaN below zero.

    FLOPs: one per element.
    """

    type = "sqrt"
    aliases = ("square_root",)
    rule = "f(x) = √x"
    sources = ("ONNX operators, Sqrt", "PyTorch, torch.sqrt")
    examples = ("16x16x8 -> sqrt", "32x32x3 -> conv 16 3x3 sqrt")
    usable_as_activation = True
    keeps = keeping.OUTPUT

    def forward(self, np: ModuleType, x: Array) -> Array:
        with np.errstate(invalid="ignore"):  # no warning: the result is NaN, as in every framework
            return np.sqrt(x)
