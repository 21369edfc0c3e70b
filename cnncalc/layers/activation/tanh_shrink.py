from __future__ import annotations

from types import ModuleType

from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array


class TanhShrink(Activation):
    """The input minus its hyperbolic tangent.

    FLOPs: one per element.
    """

    type = "tanh_shrink"
    rule = "f(x) = x − tanh(x)"
    sources = ("PyTorch, torch.nn.Tanhshrink", "Keras, keras.activations.tanh_shrink")
    examples = ("16x16x8 -> tanh_shrink", "32x32x3 -> conv 16 3x3 tanh_shrink")

    def forward(self, np: ModuleType, x: Array) -> Array:
        return x - np.tanh(x)
