from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

from cnncalc.layers import declare
from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array, Layer

_SLOPES: Mapping[str, float] = {"keras": 0.3, "tensorflow": 0.2}
_KERAS_FUNCTION = 0.2


class LeakyRelu(Activation):
    """Rectified linear unit with a fixed slope below zero.

    Keras has two default slopes: 0.3 for its layer, and 0.2 for its function, which `activation: leaky_relu` on another
    layer uses. FLOPs: one per element.
    """

    type = "leaky_relu"
    aliases = ("lrelu",)
    rule = "f(x) = x if x > 0, else slope·x"
    sources = (
        "Maas, Hannun & Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models, ICML 2013",
        "PyTorch, torch.nn.LeakyReLU",
        "Keras, keras.layers.LeakyReLU and keras.activations.leaky_relu",
    )
    examples = ("16x16x8 -> leaky_relu 0.2", "32x32x3 -> conv 16 3x3 leaky_relu")

    slope = declare.optional_number(
        "slope below zero", aliases=("negative_slope", "alpha"), positional=True,
        default_text="0.3 under keras (0.2 as another layer's activation), 0.2 under tensorflow, else 0.01",
    )  # fmt: skip

    def as_activation(self) -> Layer:
        if self.setting.convention.name == "keras" and self.slope is None:
            return LeakyRelu(self.setting, slope=_KERAS_FUNCTION)
        return self

    def forward(self, np: ModuleType, x: Array) -> Array:
        slope = _SLOPES.get(self.setting.convention.name, 0.01) if self.slope is None else self.slope
        return np.where(x > 0, x, slope * x)
