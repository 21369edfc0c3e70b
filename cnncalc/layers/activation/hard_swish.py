from __future__ import annotations

from types import ModuleType

from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array


class HardSwish(Activation):
    """Swish with the hard sigmoid: x·relu6(x + 3)/6.

    FLOPs: one per element.
    """

    type = "hard_swish"
    aliases = ("hard_silu",)
    rule = "f(x) = x·min(max(0, x/6 + 1/2), 1)"
    sources = (
        "Howard et al., Searching for MobileNetV3, arXiv 1905.02244",
        "PyTorch, torch.nn.Hardswish",
        "Keras, keras.activations.hard_silu",
        "ONNX operators, HardSwish",
    )
    examples = ("16x16x8 -> hard_swish", "32x32x3 -> conv 16 3x3 hard_swish")

    def forward(self, np: ModuleType, x: Array) -> Array:
        return x * np.clip(x / 6 + 0.5, 0, 1)
