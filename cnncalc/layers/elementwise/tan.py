from __future__ import annotations

from types import ModuleType

from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Tan(Function):
    """Tangent, sine over cosine.

    FLOPs: one per element.
    """

    type = "tan"
    aliases = ("tangent",)
    rule = "f(x) = tan x"
    sources = ("ONNX operators, Tan", "PyTorch, torch.tan", "Keras, keras.ops.tan")
    examples = ("16x16x8 -> tan",)
    keeps = keeping.OUTPUT

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.tan(x)
