from __future__ import annotations

from types import ModuleType

from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Floor(Function):
    """The largest whole number that is not above the input.

    FLOPs: one per element.
    """

    type = "floor"
    rule = "f(x) = ⌊x⌋"
    sources = ("ONNX operators, Floor", "PyTorch, torch.floor", "Keras, keras.ops.floor")
    examples = ("16x16x8 -> floor",)
    keeps = keeping.NOTHING

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.floor(x)
