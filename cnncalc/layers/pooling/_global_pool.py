"""The base of global pools: one value per channel."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare
from cnncalc.layers.base import Layer, Sight
from cnncalc.layers.worked_output import Place


class GlobalPool(Layer):
    """One value per channel, from all positions."""

    family = "pooling"
    rule = "global pooling: every spatial axis becomes 1, or is dropped"
    sources = (
        "Lin, Chen & Yan, Network in Network, arXiv 1312.4400, section 3.2",
        "Keras, Global pooling layers; PyTorch, AdaptiveAvgPool2d(1); ONNX, GlobalAveragePool",
    )
    spatial_suffix = True

    keep = declare.flag(
        "whether the spatial axes are kept, with size 1", default=None, aliases=("keepdims", "keep_dims"),
        default_text="true; false under keras and tensorflow",
    )  # fmt: skip

    def keeps_axes(self) -> bool:
        """Whether the spatial axes are kept: as given, or the convention's default."""
        return self.setting.convention.global_pool_keeps_axes if self.keep is None else self.keep

    def shape(self, x: Shape) -> Shape:
        self.require_spatial(x)
        ones = (1,) * (len(x) - 1)
        return self.volume(ones, self.channels(x)) if self.keeps_axes() else (self.channels(x),)

    def elementwise(self, x: Shape, y: Shape) -> int:
        """One comparison or addition fewer than the number of positions, per channel."""
        return prod(x) - self.channels(x)

    def windows(self, x: Shape) -> Sight:
        return "whole"

    def taps(self, position: Place, x: Shape) -> Iterator[tuple[Place, Place | None]]:
        return ((place, place) for place in product(*map(range, self.spatial(x))))

    def spatial_axes(self, axes: int) -> tuple[int, ...]:
        """The indices of the spatial axes of an array with this many axes, batch first."""
        return tuple(range(1, axes - 1)) if self.setting.layout == "HWC" else tuple(range(2, axes))
