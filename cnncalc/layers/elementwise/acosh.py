from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Acosh(Function):
    """Inverse hyperbolic cosine; NaN below 1.

    FLOPs: one per element.
    """

    type = "acosh"
    aliases = ("arccosh",)
    rule = "f(x) = ln(x + √(x² − 1))"
    sources = ("ONNX operators, Acosh", "PyTorch, torch.acosh", "Keras, keras.ops.arccosh")
    examples = ("16x16x8 -> acosh",)

    def forward(self, np: ModuleType, x: Array) -> Array:
        with np.errstate(invalid="ignore"):  # no warning: the result is NaN, as in every framework
            return np.arccosh(x)
