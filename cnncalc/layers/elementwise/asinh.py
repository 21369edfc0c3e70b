from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Asinh(Function):
    """Inverse hyperbolic sine, a logarithm that is defined for both signs.

    FLOPs: one per element.
    """

    type = "asinh"
    aliases = ("arcsinh",)
    rule = "f(x) = ln(x + √(x² + 1))"
    sources = ("ONNX operators, Asinh", "PyTorch, torch.asinh", "Keras, keras.ops.arcsinh")
    examples = ("16x16x8 -> asinh",)

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.arcsinh(x)
