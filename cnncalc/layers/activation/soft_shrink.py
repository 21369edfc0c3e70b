from __future__ import annotations

from types import ModuleType

from cnncalc.layers import declare
from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array


class SoftShrink(Activation):
    """The input moved towards zero by the threshold; zero close to zero.

    FLOPs: one per element.
    """

    type = "soft_shrink"
    rule = "f(x) = x − threshold if x > threshold, x + threshold if x < −threshold, else 0"
    sources = ("PyTorch, torch.nn.Softshrink", "Keras, keras.activations.soft_shrink")
    examples = ("16x16x8 -> soft_shrink", "32x32x3 -> conv 16 3x3 soft_shrink")

    threshold = declare.number(
        "half the width of the range that becomes zero", default=0.5, minimum=0, aliases=("lambd",), positional=True
    )

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.sign(x) * np.maximum(np.abs(x) - self.threshold, 0)
