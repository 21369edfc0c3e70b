from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.kernels import pooling
from cnncalc.kernels.arrays import as_laid_out, channels_last
from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.keeping import Keeps
from cnncalc.layers.pooling._adaptive_pool import AdaptivePool
from cnncalc.layers.worked_output import TapsSeen, mean_of


class AdaptiveAvgPool(AdaptivePool):
    """Adaptive average pooling: the mean of each bin; the number of bins along each axis is given.

    An output may be larger than its input: neighbouring bins then repeat values. FLOPs: one addition fewer than the
    positions of its bin, for every output; the division is not counted.
    """

    type = "adaptive_avg_pool"
    aliases = ("AdaptiveAveragePooling", "AdaptiveAveragePool", "AdaptiveAvgPooling")
    examples = ("13x11x64 -> adaptive_avg_pool 7", "14x14x512 -> adaptive_avg_pool 7x7", "7x5x3 -> adaptive_avg_pool 1")
    shows_working = True

    def kept(self, x: Shape, y: Shape) -> Keeps:
        """A single bin is a mean, which needs nothing."""
        return keeping.NOTHING if all(count == 1 for count in self.counts(x)) else keeping.INPUTS

    def forward(self, np: ModuleType, x: Array) -> Array:
        last = channels_last(np, x, self.setting)
        y = pooling.adaptive(np, last, self.counts(tuple(x.shape[1:])), largest=False)
        return as_laid_out(np, y, self.setting)

    def working(self, seen: TapsSeen, channel: int, **weights: Array) -> str:
        return mean_of(seen, channel)
