from __future__ import annotations

from types import ModuleType

from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array


class Negative(Activation):
    """The input with its sign turned around.

    FLOPs: one per element.
    """

    family = "elementwise"
    type = "negative"
    role = "function"
    aliases = ("neg", "negate")
    rule = "f(x) = −x"
    sources = ("ONNX operators, Neg", "PyTorch, torch.neg")
    examples = ("16x16x8 -> negative", "32x32x3 -> conv 16 3x3 negative")

    def forward(self, np: ModuleType, x: Array) -> Array:
        return -x
