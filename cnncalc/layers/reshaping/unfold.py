"""The `unfold` layer type."""

from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.taps import sliding
from cnncalc.kernels.arrays import as_laid_out, channels_last
from cnncalc.kernels.windows import padded, windows
from cnncalc.layers.base import Array, Reach, Sight
from cnncalc.layers.reshaping._patches import Patches


class Unfold(Patches):
    """Every window of the input as a column: im2col.

    A column holds a channel's window row by row, then the next channel's; there are as many as windows. FLOPs: none.
    """

    type = "unfold"
    aliases = ("im2col", "extract_patches")
    rule = "unfold: L = Πᵢ (⌊(W − F′ + 2P)/S⌋ + 1) columns of C·ΠF numbers"
    sources = ("PyTorch, torch.nn.Unfold",)
    examples = ("16x16x3 -> unfold 4x4 stride=4", "7x9x5 -> unfold 3 padding=1 dilation=2")

    def shape(self, x: Shape) -> Shape:
        self.require_spatial(x)
        columns = prod(axis.output for axis in self.slides_over(self.spatial(x)))
        kernel = self.along(self.kernel, len(x) - 1, "kernel")
        return self.volume((columns,), self.channels(x) * prod(kernel))

    def windows(self, x: Shape) -> Sight:
        """The window of a sequence; of an image, the columns stand in one row, where there is no single answer."""
        return self.slides_over(self.spatial(x)) if len(x) == 2 else ()

    def reach(self, x: Shape) -> Reach:
        """The taps of a sequence's window."""
        if len(x) != 2:
            return ()
        sizes = self.spatial(x)
        walks = zip(self.slides_over(sizes), self.walks(sizes), strict=True)
        return tuple(sliding(window, walk.dilation) for window, walk in walks)

    def forward(self, np: ModuleType, x: Array) -> Array:
        last = channels_last(np, x, self.setting)
        walks = self.walks(tuple(last.shape[1:-1]))
        seen = windows(np, padded(np, np.ascontiguousarray(last), walks), walks)
        rank = len(walks)
        columns = np.moveaxis(seen, -1, 1 + rank).reshape(len(x), prod(seen.shape[1 : 1 + rank]), -1)
        return as_laid_out(np, columns, self.setting)
