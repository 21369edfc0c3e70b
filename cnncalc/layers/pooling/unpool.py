from __future__ import annotations

from types import ModuleType

from cnncalc.kernels.arrays import as_laid_out, channels_last
from cnncalc.kernels.unpooling import repeated
from cnncalc.layers.base import Array
from cnncalc.layers.pooling._cells import Cells


class Unpool(Cells):
    """Nearest-neighbour unpooling: each value repeated over its cell.

    FLOPs: none.
    """

    type = "unpool"
    aliases = ("nearest_unpool", "nearest_neighbor_unpool", "nearest_neighbour_unpool", "unpooling")
    sources = ("CS231n, Detection and Segmentation: In-network upsampling, “Unpooling: nearest neighbor”",)
    examples = ("2x2x3 -> unpool 2", "7x5x64 -> unpool 2x3")

    def forward(self, np: ModuleType, x: Array) -> Array:
        last = channels_last(np, x, self.setting)
        return as_laid_out(np, repeated(np, last, self.factors(tuple(x.shape[1:]))), self.setting)
