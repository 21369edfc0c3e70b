from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array
from cnncalc.layers.keeping import Keeps, KeptArray


class Softsign(Activation):
    """Ratio that saturates slowly, with outputs between −1 and 1.

    FLOPs: one per element.
    """

    type = "softsign"
    rule = "f(x) = x/(1 + |x|)"
    sources = ("PyTorch, torch.nn.Softsign", "Keras, keras.activations.softsign")
    examples = ("16x16x8 -> softsign", "32x32x3 -> conv 16 3x3 softsign")

    def kept(self, x: Shape, y: Shape) -> Keeps:
        return Keeps("all", arrays=(KeptArray("1 + |x|", prod(x)),))

    def forward(self, np: ModuleType, x: Array) -> Array:
        return x / (1 + np.abs(x))
