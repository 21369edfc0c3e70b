from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Acos(Function):
    """Arc cosine; NaN beyond ±1.

    FLOPs: one per element.
    """

    type = "acos"
    aliases = ("arccos",)
    rule = "f(x) = arccos x"
    sources = ("ONNX operators, Acos", "PyTorch, torch.acos", "Keras, keras.ops.arccos")
    examples = ("16x16x8 -> acos",)

    def forward(self, np: ModuleType, x: Array) -> Array:
        with np.errstate(invalid="ignore"):  # no warning: the result is NaN, as in every framework
            return np.arccos(x)
