from __future__ import annotations

from types import ModuleType

from cnncalc.layers import declare
from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array


class Shrink(Activation):
    """Zero close to zero; elsewhere the input moved towards zero by a bias.

    With bias 0 it equals `hard_shrink`, with the threshold as the bias `soft_shrink`. FLOPs: one per element.
    """

    type = "shrink"
    rule = "f(x) = x + bias if x < −threshold, x − bias if x > threshold, else 0"
    sources = ("ONNX operators, Shrink",)
    examples = ("16x16x8 -> shrink", "32x32x3 -> conv 16 3x3 -> shrink 0.3 bias=0.1")

    threshold = declare.number(
        "half the width of the range that becomes zero", default=0.5, aliases=("lambd",), positional=True
    )
    bias = declare.number("distance by which the other values move towards zero", default=0.0)

    def forward(self, np: ModuleType, x: Array) -> Array:
        above = np.where(x <= self.threshold, 0, x - self.bias)
        return np.where(x < -self.threshold, x + self.bias, above)
