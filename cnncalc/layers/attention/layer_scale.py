"""The `layer_scale` layer type."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Layer, Weight


class LayerScale(Layer):
    """Every channel times a learned number, near zero at first: the end of a residual branch.

    Under a channels-first convention the features of a sequence are its last axis: write `axis: -1` there.
    FLOPs: one multiplication per element.
    """

    type = "layer_scale"
    family = "attention"
    rule = "layer_scale: the shape is unchanged, with one parameter a channel"
    sources = (
        "Touvron et al., Going deeper with Image Transformers, arXiv 2103.17239",
        "Liu et al., A ConvNet for the 2020s, arXiv 2201.03545",
    )
    examples = ("7x7x96 -> layer_scale", "7x12 -> add(multi_head_attention 3 -> layer_scale axis=-1 | identity)")

    axis = declare.axis("the axis along which the numbers differ", aliases=("dim",))
    initial = declare.number(
        "what the numbers start from; without effect here", default=1e-6,
        aliases=("init_values", "init_value", "layer_scale_init_value"),
    )  # fmt: skip

    def shape(self, x: Shape) -> Shape:
        self.axis_index(self.axis, x)
        return x

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        along = self.axis_index(self.axis, x)
        yield Weight("scale", (x[along],), positions=(*x[:along], *x[along + 1 :]))

    def elementwise(self, x: Shape, y: Shape) -> int:
        return prod(y)

    def forward(self, np: ModuleType, x: Array, *, scale: Array) -> Array:
        along = self.axis_index(self.axis, x.shape[1:])
        return x * scale.reshape(-1, *[1] * (x.ndim - 2 - along))
