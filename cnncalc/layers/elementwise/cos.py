from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Cos(Function):
    """Cosine of each element, in radians.

    FLOPs: one per element.
    """

    type = "cos"
    aliases = ("cosine",)
    rule = "f(x) = cos x"
    sources = ("ONNX operators, Cos", "PyTorch, torch.cos")
    examples = ("16x16x8 -> cos", "32x32x3 -> conv 16 3x3 cos")
    usable_as_activation = True

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.cos(x)
