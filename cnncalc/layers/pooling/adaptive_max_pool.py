from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.kernels import pooling
from cnncalc.kernels.arrays import as_laid_out, channels_last
from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.keeping import Keeps
from cnncalc.layers.pooling._adaptive_pool import AdaptivePool
from cnncalc.layers.worked_output import TapsSeen, largest_of


class AdaptiveMaxPool(AdaptivePool):
    """Adaptive max pooling: the maximum of each bin; the number of bins along each axis is given.

    An output may be larger than its input: neighbouring bins then repeat values. FLOPs: one comparison fewer than the
    positions of its bin, for every output.
    """

    type = "adaptive_max_pool"
    aliases = ("AdaptiveMaxPooling",)
    examples = ("13x11x64 -> adaptive_max_pool 7", "14x14x512 -> adaptive_max_pool 7x7", "7x5x3 -> adaptive_max_pool 1")
    shows_working = True

    def kept(self, x: Shape, y: Shape) -> Keeps:
        return Keeps("all", arrays=(keeping.indices(prod(y)),))

    def forward(self, np: ModuleType, x: Array) -> Array:
        last = channels_last(np, x, self.setting)
        y = pooling.adaptive(np, last, self.counts(tuple(x.shape[1:])), largest=True)
        return as_laid_out(np, y, self.setting)

    def working(self, seen: TapsSeen, channel: int, **weights: Array) -> str:
        return largest_of(seen, channel)
