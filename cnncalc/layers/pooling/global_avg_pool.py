from __future__ import annotations

from types import ModuleType

from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.pooling._global_pool import GlobalPool
from cnncalc.layers.worked_output import TapsSeen, mean_of


class GlobalAvgPool(GlobalPool):
    """Global average pooling: the mean of each channel over all positions.

    FLOPs: the additions; the division is not counted.
    """

    type = "global_avg_pool"
    role = "global_pool"
    aliases = ("GlobalAveragePooling", "GlobalAveragePool", "gap")
    examples = ("100x100x3 -> global_avg_pool", "7x7x512 -> global_avg_pool keep=false -> dense 10")
    shows_working = True
    keeps = keeping.NOTHING

    def forward(self, np: ModuleType, x: Array) -> Array:
        return x.mean(axis=self.spatial_axes(x.ndim), keepdims=self.keeps_axes())

    def working(self, seen: TapsSeen, channel: int, **weights: Array) -> str:
        return mean_of(seen, channel)
