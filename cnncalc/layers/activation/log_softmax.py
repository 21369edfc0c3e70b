from __future__ import annotations

from types import ModuleType

from cnncalc.layers.activation._competition import Competition
from cnncalc.layers.base import Array


class LogSoftmax(Competition):
    """Logarithm of the softmax along an axis.

    FLOPs: one per element.
    """

    type = "log_softmax"
    role = "softmax"
    rule = "f(xᵢ) = xᵢ − ln Σⱼ e^xⱼ"
    sources = ("PyTorch, torch.nn.LogSoftmax", "Keras, keras.activations.log_softmax", "ONNX operators, LogSoftmax")
    examples = ("10 -> log_softmax", "16x16x8 -> log_softmax axis=height", "784 -> dense 10 log_softmax")

    def forward(self, np: ModuleType, x: Array) -> Array:
        axis = self.along(x)
        shifted = x - x.max(axis=axis, keepdims=True)
        powers = np.exp(shifted)
        return shifted - np.log(powers.sum(axis=axis, keepdims=True))
