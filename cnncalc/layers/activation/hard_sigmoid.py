from __future__ import annotations

from types import ModuleType

from cnncalc.layers import declare
from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array


class HardSigmoid(Activation):
    """Logistic function approximated by three straight lines.

    FLOPs: one per element.
    """

    type = "hard_sigmoid"
    rule = "f(x) = min(max(0, slope·x + offset), 1)"
    sources = ("PyTorch, torch.nn.Hardsigmoid", "Keras, keras.activations.hard_sigmoid", "ONNX operators, HardSigmoid")
    examples = ("16x16x8 -> hard_sigmoid", "32x32x3 -> conv 16 3x3 hard_sigmoid")

    slope = declare.optional_number(
        "slope of the middle line", aliases=("alpha",), default_text="0.2 under onnx (and Keras 2), else 1/6"
    )
    offset = declare.number("value at 0", default=0.5, aliases=("beta",))

    def forward(self, np: ModuleType, x: Array) -> Array:
        default = 0.2 if self.setting.convention.name == "onnx" else 1 / 6
        slope = default if self.slope is None else self.slope
        return np.clip(slope * x + self.offset, 0, 1)
