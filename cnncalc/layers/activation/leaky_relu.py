"""The `leaky_relu` layer type."""

from __future__ import annotations

from types import ModuleType

from cnncalc.layers import declare
from cnncalc.layers.activation._elementwise import Activation
from cnncalc.layers.base import Array

_SLOPES = {"keras": 0.3, "tensorflow": 0.2}


class LeakyRelu(Activation):
    """Rectified linear unit with a fixed slope below zero.

    FLOPs: one per element.
    """

    type = "leaky_relu"
    aliases = ("lrelu",)
    rule = "f(x) = x if x > 0, else slope·x"
    sources = (
        "Maas, Hannun & Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models, ICML 2013",
        "PyTorch, torch.nn.LeakyReLU",
        "Keras, keras.layers.LeakyReLU",
    )
    examples = ("16x16x8 -> leaky_relu 0.2", "32x32x3 -> conv 16 3x3 leaky_relu")

    slope = declare.optional_number(
        "slope below zero", aliases=("negative_slope", "alpha"), positional=True,
        default_text="0.3 under keras (its layer), 0.2 under tensorflow, else 0.01",
    )  # fmt: skip

    def forward(self, np: ModuleType, x: Array) -> Array:
        slope = _SLOPES.get(self.setting.convention.name, 0.01) if self.slope is None else self.slope
        return np.where(x > 0, x, slope * x)
