from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array
from cnncalc.layers.keeping import Keeps, KeptArray


class TanhShrink(Activation):
    """The input minus its hyperbolic tangent.

    FLOPs: one per element.
    """

    type = "tanh_shrink"
    rule = "f(x) = x − tanh(x)"
    sources = ("PyTorch, torch.nn.Tanhshrink", "Keras, keras.activations.tanh_shrink")
    examples = ("16x16x8 -> tanh_shrink", "32x32x3 -> conv 16 3x3 tanh_shrink")

    def kept(self, x: Shape, y: Shape) -> Keeps:
        return Keeps(arrays=(KeptArray("tanh x", prod(x)),))

    def forward(self, np: ModuleType, x: Array) -> Array:
        return x - np.tanh(x)
