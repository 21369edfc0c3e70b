from __future__ import annotations

from types import ModuleType

from cnncalc.kernels.elementwise import sigmoid
from cnncalc.layers import keeping
from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array


class Sigmoid(Activation):
    """Logistic function, with outputs between 0 and 1.

    FLOPs: one per element.
    """

    type = "sigmoid"
    aliases = ("logistic",)
    rule = "f(x) = 1/(1 + e⁻ˣ)"
    sources = ("PyTorch, torch.nn.Sigmoid", "Keras, keras.activations.sigmoid")
    examples = ("16x16x8 -> sigmoid", "32x32x3 -> conv 16 3x3 sigmoid")
    keeps = keeping.OUTPUT

    def forward(self, np: ModuleType, x: Array) -> Array:
        return sigmoid(np, x)
