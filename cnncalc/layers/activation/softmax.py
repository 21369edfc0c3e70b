from __future__ import annotations

from types import ModuleType

from cnncalc.layers.activation._competition import Competition, softmax
from cnncalc.layers.base import Array


class Softmax(Competition):
    """Probabilities along an axis: exponentials divided by their sum.

    FLOPs: one per element.
    """

    type = "softmax"
    role = "softmax"
    rule = "f(xᵢ) = e^xᵢ / Σⱼ e^xⱼ"
    sources = ("PyTorch, torch.nn.Softmax", "Keras, keras.activations.softmax", "ONNX operators, Softmax")
    examples = ("10 -> softmax", "16x16x8 -> softmax axis=height", "784 -> dense 10 softmax")

    def forward(self, np: ModuleType, x: Array) -> Array:
        return softmax(np, x, self.along(x))
