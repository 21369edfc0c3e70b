from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers.activation._axis_changing import AxisChanging
from cnncalc.layers.base import Array
from cnncalc.layers.keeping import Keeps, KeptArray


class Crelu(AxisChanging):
    """Concatenated ReLU: the ReLU of the input and then of its negative, along the axis; twice the channels.

    FLOPs: one per output.
    """

    type = "crelu"
    role = "activation"
    aliases = ("concatenated_relu",)
    rule = "Cₒ = 2·Cᵢ: f(x) = [max(0, x), max(0, −x)] along the axis"
    sources = (
        "Shang et al., Understanding and Improving CNNs via Concatenated Rectified Linear Units, arXiv 1603.05201",
        "TensorFlow, tf.nn.crelu",
    )
    examples = ("16x16x8 -> crelu", "32x32x3 -> conv 16 3x3 -> crelu -> conv 8 1x1")

    def shape(self, x: Shape) -> Shape:
        return self.resized(x, 2 * x[self.place(x)])

    def elementwise(self, x: Shape, y: Shape) -> int:
        return prod(y)

    def kept(self, x: Shape, y: Shape) -> Keeps:
        return Keeps(arrays=(KeptArray("relu x and relu −x", prod(y)),))

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.maximum(np.concatenate((x, -x), axis=self.along(x)), 0)
