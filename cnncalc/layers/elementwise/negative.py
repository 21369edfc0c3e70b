from __future__ import annotations

from types import ModuleType

from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Negative(Function):
    """The input with its sign reversed.

    FLOPs: one per element.
    """

    type = "negative"
    aliases = ("neg", "negate")
    rule = "f(x) = −x"
    sources = ("ONNX operators, Neg", "PyTorch, torch.neg")
    examples = ("16x16x8 -> negative", "32x32x3 -> conv 16 3x3 negative")
    usable_as_activation = True
    keeps = keeping.NOTHING

    def forward(self, np: ModuleType, x: Array) -> Array:
        return -x
