from __future__ import annotations

from types import ModuleType

from cnncalc.layers import declare
from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array


class Squareplus(Activation):
    """Smooth rectifier computed with a square root.

    FLOPs: one per element.
    """

    type = "squareplus"
    rule = "f(x) = (x + √(x² + b))/2"
    sources = ("Barron, Squareplus, arXiv 2112.11687", "Keras, keras.activations.squareplus")
    examples = ("16x16x8 -> squareplus", "32x32x3 -> conv 16 3x3 squareplus")

    b = declare.number("width of the bend; with 0 it equals the ReLU", default=4.0, minimum=0, positional=True)

    def forward(self, np: ModuleType, x: Array) -> Array:
        root = np.hypot(x, np.asarray(self.b**0.5, x.dtype))  # the square itself would overflow
        return (x + root) / 2
