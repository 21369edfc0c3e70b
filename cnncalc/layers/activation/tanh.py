from __future__ import annotations

from types import ModuleType

from cnncalc.layers import keeping
from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array


class Tanh(Activation):
    """Hyperbolic tangent, with outputs between −1 and 1.

    FLOPs: one per element.
    """

    type = "tanh"
    rule = "f(x) = (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ)"
    sources = ("PyTorch, torch.nn.Tanh", "Keras, keras.activations.tanh")
    examples = ("16x16x8 -> tanh", "32x32x3 -> conv 16 3x3 tanh")
    keeps = keeping.OUTPUT

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.tanh(x)
