from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Abs(Function):
    """Absolute value.

    FLOPs: one per element.
    """

    type = "abs"
    aliases = ("absolute", "AbsVal")
    rule = "f(x) = |x|"
    sources = ("ONNX operators, Abs", "Keras, keras.ops.absolute", "Caffe, AbsVal")
    examples = ("16x16x8 -> abs", "32x32x3 -> conv 16 3x3 abs")
    usable_as_activation = True

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.abs(x)
