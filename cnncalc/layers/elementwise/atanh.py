from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Atanh(Function):
    """Inverse hyperbolic tangent; infinite at ±1, NaN beyond.

    FLOPs: one per element.
    """

    type = "atanh"
    aliases = ("arctanh",)
    rule = "f(x) = ln((1 + x)/(1 − x))/2"
    sources = ("ONNX operators, Atanh", "PyTorch, torch.atanh", "Keras, keras.ops.arctanh")
    examples = ("16x16x8 -> atanh",)

    def forward(self, np: ModuleType, x: Array) -> Array:
        with np.errstate(
            invalid="ignore", divide="ignore"
        ):  # no warning: the result is NaN or ∞, as in every framework
            return np.arctanh(x)
