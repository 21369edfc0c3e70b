from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.activation._stable_functions import softplus
from cnncalc.layers.base import Array
from cnncalc.layers.keeping import Keeps, KeptArray


class LogSigmoid(Activation):
    """Logarithm of the logistic function.

    FLOPs: one per element.
    """

    type = "log_sigmoid"
    rule = "f(x) = −ln(1 + e⁻ˣ)"
    sources = ("PyTorch, torch.nn.LogSigmoid", "Keras, keras.activations.log_sigmoid")
    examples = ("16x16x8 -> log_sigmoid", "32x32x3 -> conv 16 3x3 log_sigmoid")

    def kept(self, x: Shape, y: Shape) -> Keeps:
        return Keeps("all", arrays=(KeptArray("e^−|x|", prod(x)),))

    def forward(self, np: ModuleType, x: Array) -> Array:
        return -softplus(np, -x)
