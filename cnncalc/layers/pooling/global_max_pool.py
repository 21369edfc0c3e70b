from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.keeping import Keeps
from cnncalc.layers.pooling._global_pool import GlobalPool
from cnncalc.layers.worked_output import TapsSeen, largest_of


class GlobalMaxPool(GlobalPool):
    """Global max pooling: the maximum of each channel over all positions.

    FLOPs: the comparisons.
    """

    type = "global_max_pool"
    role = "global_pool"
    aliases = ("GlobalMaxPooling", "gmp")
    examples = ("100x100x3 -> global_max_pool", "7x7x512 -> global_max_pool keep=false -> dense 10")
    shows_working = True

    def kept(self, x: Shape, y: Shape) -> Keeps:
        return Keeps("all", arrays=(keeping.indices(prod(y)),))

    def forward(self, np: ModuleType, x: Array) -> Array:
        return x.max(axis=self.spatial_axes(x.ndim), keepdims=self.keeps_axes())

    def working(self, seen: TapsSeen, channel: int, **weights: Array) -> str:
        return largest_of(seen, channel)
