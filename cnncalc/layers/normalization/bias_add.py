from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Weight


class BiasAdd(Layer):
    """Adds a learned number to every channel: a bias that is not part of another layer.

    FLOPs: one addition per element.
    """

    type = "bias_add"
    aliases = ("BiasAdd", "Bias", "add_bias")
    family = "normalization"
    rule = "bias_add: the shape is unchanged\none parameter per channel"
    sources = ("TensorFlow, tf.nn.bias_add", "Caffe, BiasLayer")
    examples = ("5x7x11 -> bias_add", "32x32x3 -> conv 16 3x3 bias=false -> bias_add -> relu")
    without_effect: ClassVar[tuple[str, ...]] = ("num_axes",)

    axis = declare.axis("the axis that has one number per position", aliases=("dim",))
    keeps = keeping.NOTHING

    def shape(self, x: Shape) -> Shape:
        self.axis_index(self.axis, x)
        return x

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        along = self.axis_index(self.axis, x)
        yield Weight("bias", (x[along],), positions=(*x[:along], *x[along + 1 :]))

    def runs_in_place(self) -> bool:
        return True

    def elementwise(self, x: Shape, y: Shape) -> int:
        return prod(y)

    def forward(self, np: ModuleType, x: Array, *, bias: Array) -> Array:
        along = self.axis_index(self.axis, x.shape[1:])
        return x + bias.reshape(-1, *[1] * (x.ndim - 2 - along))
