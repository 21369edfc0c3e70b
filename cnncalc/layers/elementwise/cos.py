from __future__ import annotations

from types import ModuleType

from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array


class Cos(Activation):
    """Cosine of each element, in radians.

    FLOPs: one per element.
    """

    family = "elementwise"
    type = "cos"
    role = "function"
    aliases = ("cosine",)
    rule = "f(x) = cos x"
    sources = ("ONNX operators, Cos", "PyTorch, torch.cos")
    examples = ("16x16x8 -> cos", "32x32x3 -> conv 16 3x3 cos")

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.cos(x)
