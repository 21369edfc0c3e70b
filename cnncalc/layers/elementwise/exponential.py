from __future__ import annotations

from types import ModuleType

from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Exponential(Function):
    """Exponential function.

    FLOPs: one per element.
    """

    type = "exponential"
    aliases = ("exp",)
    rule = "f(x) = eˣ"
    sources = ("Keras, keras.activations.exponential", "ONNX operators, Exp")
    examples = ("16x16x8 -> exponential", "32x32x3 -> conv 16 3x3 exponential")
    usable_as_activation = True
    keeps = keeping.OUTPUT

    def forward(self, np: ModuleType, x: Array) -> Array:
        with np.errstate(over="ignore"):  # no warning: the result is infinity, as in every framework
            return np.exp(x)
