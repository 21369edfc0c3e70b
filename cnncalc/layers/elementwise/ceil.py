from __future__ import annotations

from types import ModuleType

from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Ceil(Function):
    """The smallest whole number that is not below the input.

    FLOPs: one per element.
    """

    type = "ceil"
    aliases = ("ceiling",)
    rule = "f(x) = ⌈x⌉"
    sources = ("ONNX operators, Ceil", "PyTorch, torch.ceil", "Keras, keras.ops.ceil")
    examples = ("16x16x8 -> ceil",)
    keeps = keeping.NOTHING

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.ceil(x)
