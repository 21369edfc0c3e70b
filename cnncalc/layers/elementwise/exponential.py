from __future__ import annotations

from types import ModuleType

from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array


class Exponential(Activation):
    """Exponential function.

    FLOPs: one per element.
    """

    family = "elementwise"
    type = "exponential"
    role = "function"
    aliases = ("exp",)
    rule = "f(x) = eˣ"
    sources = ("Keras, keras.activations.exponential", "ONNX operators, Exp")
    examples = ("16x16x8 -> exponential", "32x32x3 -> conv 16 3x3 exponential")

    def forward(self, np: ModuleType, x: Array) -> Array:
        with np.errstate(over="ignore"):  # infinity is the answer that every framework gives
            return np.exp(x)
