from __future__ import annotations

from types import ModuleType

from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Reciprocal(Function):
    """One divided by the input.

    FLOPs: one per element.
    """

    type = "reciprocal"
    rule = "f(x) = 1/x"
    sources = ("ONNX operators, Reciprocal", "PyTorch, torch.reciprocal")
    examples = ("16x16x8 -> reciprocal", "32x32x3 -> conv 16 3x3 reciprocal")
    usable_as_activation = True
    keeps = keeping.OUTPUT

    def forward(self, np: ModuleType, x: Array) -> Array:
        with np.errstate(
            divide="ignore", over="ignore"
        ):  # no warning: the result is infinity at zero, as in every framework
            return 1 / x
