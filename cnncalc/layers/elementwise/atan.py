from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Atan(Function):
    """Arc tangent.

    FLOPs: one per element.
    """

    type = "atan"
    aliases = ("arctan",)
    rule = "f(x) = arctan x"
    sources = ("ONNX operators, Atan", "PyTorch, torch.atan", "Keras, keras.ops.arctan")
    examples = ("16x16x8 -> atan",)

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.arctan(x)
