from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Layer
from cnncalc.layers.keeping import Keeps, KeptArray


class Masking(Layer):
    """Steps whose features all equal one value become zeros; later layers skip them.

    The report counts every step, because the number of masked steps depends on the data. FLOPs: one comparison and one
    product per element.
    """

    type = "masking"
    family = "recurrent"
    rule = "masking: the shape is unchanged"
    sources = ("Keras, keras.layers.Masking",)
    examples = ("28x13 -> masking -> lstm 32", "28x13 -> masking -1")

    value = declare.number(
        "value of all features of a masked step", default=0.0, positional=True, aliases=("mask_value",)
    )

    def steps_first(self) -> bool:
        return True

    def features_last(self) -> bool:
        return True

    def shape(self, x: Shape) -> Shape:
        return x

    def elementwise(self, x: Shape, y: Shape) -> int:
        return 2 * prod(x)

    def kept(self, x: Shape, y: Shape) -> Keeps:
        return Keeps(arrays=(KeptArray("mask", x[0]),))

    def forward(self, np: ModuleType, x: Array) -> Array:
        return x * (x != self.value).any(axis=-1, keepdims=True)
