from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Asin(Function):
    """Arc sine; NaN beyond ±1.

    FLOPs: one per element.
    """

    type = "asin"
    aliases = ("arcsin",)
    rule = "f(x) = arcsin x"
    sources = ("ONNX operators, Asin", "PyTorch, torch.asin", "Keras, keras.ops.arcsin")
    examples = ("16x16x8 -> asin",)

    def forward(self, np: ModuleType, x: Array) -> Array:
        with np.errstate(invalid="ignore"):  # no warning: the result is NaN, as in every framework
            return np.arcsin(x)
