from __future__ import annotations

from types import ModuleType

from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array


class Sqrt(Activation):
    """Square root; NaN below zero.

    FLOPs: one per element.
    """

    family = "elementwise"
    type = "sqrt"
    role = "function"
    aliases = ("square_root",)
    rule = "f(x) = √x"
    sources = ("ONNX operators, Sqrt", "PyTorch, torch.sqrt")
    examples = ("16x16x8 -> sqrt", "32x32x3 -> conv 16 3x3 sqrt")

    def forward(self, np: ModuleType, x: Array) -> Array:
        with np.errstate(invalid="ignore"):  # NaN is the answer that every framework gives
            return np.sqrt(x)
