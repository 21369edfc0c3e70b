from __future__ import annotations

from types import ModuleType

from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array


class Abs(Activation):
    """Absolute value.

    FLOPs: one per element.
    """

    family = "elementwise"
    type = "abs"
    role = "function"
    aliases = ("absolute", "AbsVal")
    rule = "f(x) = |x|"
    sources = ("ONNX operators, Abs", "Keras, keras.ops.absolute", "Caffe, AbsVal")
    examples = ("16x16x8 -> abs", "32x32x3 -> conv 16 3x3 abs")

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.abs(x)
