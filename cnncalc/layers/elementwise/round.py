from __future__ import annotations

from types import ModuleType

from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Round(Function):
    """The nearest whole number; halves are rounded to the even one.

    FLOPs: one per element.
    """

    type = "round"
    rule = "f(x) = ⌊x⌉"
    sources = ("ONNX operators, Round", "PyTorch, torch.round", "Keras, keras.ops.round")
    examples = ("16x16x8 -> round",)
    keeps = keeping.NOTHING

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.round(x)
