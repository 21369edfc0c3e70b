from __future__ import annotations

from types import ModuleType

from cnncalc.layers import declare
from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array


class Threshold(Activation):
    """The input above a threshold, a fixed value elsewhere.

    FLOPs: one per element.
    """

    type = "threshold"
    aliases = ("thresholded_relu",)
    rule = "f(x) = x if x > threshold, else value"
    sources = ("PyTorch, torch.nn.Threshold", "Keras, keras.activations.threshold", "ONNX operators, ThresholdedRelu")
    examples = ("16x16x8 -> threshold", "32x32x3 -> conv 16 3x3 threshold")

    threshold = declare.number(
        "the largest input that is replaced", default=1.0, aliases=("theta", "alpha"), positional=True
    )
    value = declare.number(
        "the output for inputs up to the threshold", default=0.0, aliases=("default_value",), positional=True
    )

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.where(x <= self.threshold, self.value, x)
