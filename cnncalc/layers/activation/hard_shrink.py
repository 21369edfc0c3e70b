from __future__ import annotations

from types import ModuleType

from cnncalc.layers import declare
from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array


class HardShrink(Activation):
    """The input, but zero close to zero.

    FLOPs: one per element.
    """

    type = "hard_shrink"
    rule = "f(x) = x if |x| > threshold, else 0"
    sources = ("PyTorch, torch.nn.Hardshrink", "Keras, keras.activations.hard_shrink")
    examples = ("16x16x8 -> hard_shrink", "32x32x3 -> conv 16 3x3 hard_shrink")

    threshold = declare.number(
        "half the width of the range that becomes zero", default=0.5, aliases=("lambd",), positional=True
    )

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.where(np.abs(x) <= self.threshold, 0, x)
