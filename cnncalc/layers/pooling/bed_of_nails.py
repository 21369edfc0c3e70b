from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic import taps
from cnncalc.arithmetic.convention import Shape
from cnncalc.kernels.arrays import as_laid_out, channels_last
from cnncalc.kernels.unpooling import nailed
from cnncalc.layers.base import Array, Reach
from cnncalc.layers.pooling._cells import Cells


class BedOfNails(Cells):
    """Bed of nails: each value at the first position of its cell, zeros at the others.

    FLOPs: none.
    """

    type = "bed_of_nails"
    aliases = ("bed_of_nails_unpool",)
    sources = ("CS231n, Detection and Segmentation: In-network upsampling, “Bed of Nails”",)
    examples = ("2x2x3 -> bed_of_nails 2", "7x5x64 -> bed_of_nails 2x3")

    def reach(self, x: Shape) -> Reach:
        """Only the first position of a cell reads an input."""
        return taps.patterns(map(taps.nailed, self.factors(x)))

    def forward(self, np: ModuleType, x: Array) -> Array:
        last = channels_last(np, x, self.setting)
        return as_laid_out(np, nailed(np, last, self.factors(tuple(x.shape[1:]))), self.setting)
