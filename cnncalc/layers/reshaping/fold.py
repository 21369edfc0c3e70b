from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.term import exact_div
from cnncalc.diagnostics import Refusal
from cnncalc.kernels.arrays import as_laid_out, channels_last
from cnncalc.kernels.windows import taps
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Sight
from cnncalc.layers.reshaping._patches import Patches


class Fold(Patches):
    """Adds columns back as windows of an image: col2im, the transpose of `unfold`.

    FLOPs: one addition per number of the input.
    """

    type = "fold"
    aliases = ("col2im",)
    rule = "fold: O as given; C = Cᵢ/ΠF"
    sources = ("PyTorch, torch.nn.Fold",)
    examples = ("16x48 -> fold 4x4 size=16x16 stride=4", "63x45 -> fold 3 size=7x9 padding=1")

    size = declare.per_axis("output size along each axis", symbol="O", aliases=("output_size",))

    def _sizes(self) -> Shape:
        """The output's spatial sizes: two if a single number is given."""
        return self.size if isinstance(self.size, tuple) else (self.size, self.size)

    def shape(self, x: Shape) -> Shape:
        sizes = self._sizes()
        if len(x) != 2:
            raise Refusal(f"fold needs columns, with one spatial axis and channels, got {len(x)} axes", code="E303")
        columns = prod(axis.output for axis in self.slides_over(sizes))
        block = prod(self.along(self.kernel, len(sizes), "kernel"))
        if self.channels(x) % block:
            raise Refusal(
                f"columns of {int(self.channels(x))} numbers are not divisible into windows of {int(block)}",
                field="kernel",
                code="E305",
            )
        if self.spatial(x)[0] != columns:
            raise Refusal(
                f"{int(self.spatial(x)[0])} columns, but the output has {int(columns)} windows",
                hint="the kernel, stride, padding and dilation must be those of the unfold",
                field="size",
                code="E308",
            )
        return self.volume(sizes, exact_div(self.channels(x), block))

    def elementwise(self, x: Shape, y: Shape) -> int:
        return prod(x)

    def windows(self, x: Shape) -> Sight:
        """Undefined: the number of columns that an output reads is the number of windows that cover it."""
        return ()

    def forward(self, np: ModuleType, x: Array) -> Array:
        last, sizes = channels_last(np, x, self.setting), self._sizes()
        walks = self.walks(sizes)
        starts, kernel = [walk.starts for walk in walks], [walk.kernel for walk in walks]
        columns = last.reshape(len(x), *starts, -1, *kernel)
        depth = columns.shape[1 + len(sizes)]
        around = [size + walk.before + walk.after for size, walk in zip(sizes, walks, strict=True)]
        y = np.zeros((len(x), *around, depth), dtype=x.dtype)
        for tap, view in taps(y, walks):
            view += columns[(..., *tap)]
        inside = tuple(slice(walk.before, walk.before + size) for walk, size in zip(walks, sizes, strict=True))
        return as_laid_out(np, y[(slice(None), *inside)], self.setting)
