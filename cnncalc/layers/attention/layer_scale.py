from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Weight


class LayerScale(Layer):
    """Multiplies every channel by a learned number, at the end of a residual branch; with a bias, Caffe's Scale.

    Under a channels-first convention the features of a sequence are its last axis: write `axis: -1` there.
    FLOPs: one multiplication per element, and one addition for a bias.
    """

    type = "layer_scale"
    aliases = ("Scale",)
    without_effect: ClassVar[tuple[str, ...]] = ("num_axes",)
    family = "attention"
    rule = "layer_scale: the shape is unchanged\none parameter per channel"
    sources = (
        "Touvron et al., Going deeper with Image Transformers, arXiv 2103.17239",
        "Liu et al., A ConvNet for the 2020s, arXiv 2201.03545",
        "Caffe, ScaleLayer",
    )
    examples = ("7x7x96 -> layer_scale", "7x12 -> add(multi_head_attention 3 -> layer_scale axis=-1 | identity)")

    axis = declare.axis("the axis that has one number per position", aliases=("dim",))
    initial = declare.number(
        "initial value of the numbers; without effect here", default=1e-6,
        aliases=("init_values", "init_value", "layer_scale_init_value"),
    )  # fmt: skip

    bias = declare.flag("whether a learned number is also added", default=False, aliases=("bias_term", "use_bias"))
    keeps = keeping.TRAINED

    def shape(self, x: Shape) -> Shape:
        self.axis_index(self.axis, x)
        return x

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        along = self.axis_index(self.axis, x)
        for name in ("scale", "bias") if self.bias else ("scale",):
            yield Weight(name, (x[along],), positions=(*x[:along], *x[along + 1 :]))

    def runs_in_place(self) -> bool:
        return True

    def elementwise(self, x: Shape, y: Shape) -> int:
        return 2 * prod(y) if self.bias else prod(y)

    def forward(self, np: ModuleType, x: Array, *, scale: Array, bias: Array | None = None) -> Array:
        behind = [1] * (x.ndim - 2 - self.axis_index(self.axis, x.shape[1:]))
        y = x * scale.reshape(-1, *behind)
        return y if bias is None else y + bias.reshape(-1, *behind)
