from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.kernels import pooling
from cnncalc.kernels.arrays import as_laid_out, channels_last
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Sight
from cnncalc.layers.pooling._adaptive_pool import covered


class SpatialPyramidPool(Layer):
    """Spatial pyramid pooling: adaptive pools of several sizes, concatenated to one vector.

    Its length does not depend on the input's size, so that a dense layer can follow for images of any size. A level n
    divides every spatial axis into n bins, as adaptive pooling does. FLOPs: one comparison or addition fewer than the
    positions of its bin, for every output.
    """

    type = "spatial_pyramid_pool"
    aliases = ("SpatialPyramidPooling", "spp")
    family = "pooling"
    rule = "spatial pyramid pooling: Σ n² per channel over the levels n, n³ for three axes"
    sources = (
        "He, Zhang, Ren & Sun, Spatial Pyramid Pooling in Deep Convolutional Networks, arXiv 1406.4729, section 2.2",
    )
    examples = ("13x13x256 -> spatial_pyramid_pool [1, 2, 4]", "13x11x256 -> spp [6, 3, 2, 1] mode=avg -> dense 4096")
    spatial_suffix = True

    levels = declare.dimensions("number of bins along each axis, one per level", aliases=("bins", "sizes"))
    mode = declare.choice(
        "the value of a bin: its maximum or its mean", ("max", "avg"), default="max", aliases=("pool",)
    )
    keeps = keeping.INPUTS

    def shape(self, x: Shape) -> Shape:
        self.require_spatial(x)
        rank = len(x) - 1
        return (self.channels(x) * sum(level**rank for level in self.levels),)

    def elementwise(self, x: Shape, y: Shape) -> int:
        """One comparison or addition fewer than the positions of its bin, for every output."""
        seen = sum(prod(covered(W, level) for W in self.spatial(x)) for level in self.levels)
        return self.channels(x) * seen - y[0]

    def windows(self, x: Shape) -> Sight:
        return "whole"

    def forward(self, np: ModuleType, x: Array) -> Array:
        last = channels_last(np, x, self.setting)
        cut = (pooling.adaptive(np, last, (n,) * (x.ndim - 2), largest=self.mode == "max") for n in self.levels)
        return np.concatenate([as_laid_out(np, y, self.setting).reshape(len(x), -1) for y in cut], axis=1)
