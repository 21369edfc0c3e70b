from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic import window
from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.taps import sliding
from cnncalc.diagnostics import Refusal
from cnncalc.kernels.arrays import as_laid_out, channels_last
from cnncalc.kernels.windows import padded, windows
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Reach, Sight
from cnncalc.layers.reshaping._patches import Patches


class Unfold(Patches):
    """Every window of the input as a column: im2col.

    A column holds the window of each channel in turn, row by row; there is one column per window. With `axis` the
    window slides only along that axis, whose size becomes the number of windows; the values of each window form a new
    last axis, as in PyTorch's Tensor.unfold. FLOPs: none.
    """

    type = "unfold"
    aliases = ("im2col", "extract_patches")
    rule = "unfold: L = Πᵢ (⌊(W − F′ + 2P)/S⌋ + 1) columns of C·ΠF numbers"
    sources = ("PyTorch, torch.nn.Unfold and torch.Tensor.unfold",)
    examples = (
        "16x16x3 -> unfold 4x4 stride=4",
        "7x9x5 -> unfold 3 padding=1 dilation=2",
        "10x64 -> unfold 4 axis=1 stride=2",
    )

    axis = declare.axis(
        "a single axis along which the window slides", default=None, default_text="all spatial axes",
        aliases=("dimension", "dim"),
    )  # fmt: skip

    def shape(self, x: Shape) -> Shape:
        if self.axis is not None:
            return self._along_one_axis(x, self.axis)
        self.require_spatial(x)
        columns = prod(axis.output for axis in self.slides_over(self.spatial(x)))
        kernel = self.along(self.kernel, len(x) - 1, "kernel")
        return self.volume((columns,), self.channels(x) * prod(kernel))

    def _along_one_axis(self, x: Shape, axis: str | int) -> Shape:
        at = self.axis_index(axis, x)
        for field in ("padding", "dilation"):
            if field in self.values() and getattr(self, field) != (1 if field == "dilation" else 0):
                raise Refusal(
                    f"a window along a single axis has no {field}", hint="pad before it", field=field, code="E304"
                )
        if isinstance(self.kernel, tuple) or isinstance(self.stride, tuple):
            field = "kernel" if isinstance(self.kernel, tuple) else "stride"
            raise Refusal("a window along a single axis has one size and one step", field=field, code="E303")
        count = window.explicit(x[at], self.kernel, self.stride, 0, 0, "floor").output
        return (*x[:at], count, *x[at + 1 :], self.kernel)

    def windows(self, x: Shape) -> Sight:
        """The window of a sequence; undefined for an image, whose columns form one axis."""
        return self.slides_over(self.spatial(x)) if len(x) == 2 and self.axis is None else ()

    def reach(self, x: Shape) -> Reach:
        """The taps of the window of a sequence."""
        if len(x) != 2 or self.axis is not None:
            return ()
        sizes = self.spatial(x)
        walks = zip(self.slides_over(sizes), self.walks(sizes), strict=True)
        return tuple(sliding(step, walk.dilation) for step, walk in walks)

    def forward(self, np: ModuleType, x: Array) -> Array:
        if self.axis is not None:
            at = 1 + self.axis_index(self.axis, x.shape[1:])
            views = np.lib.stride_tricks.sliding_window_view(x, self.kernel, axis=at)
            return views[(slice(None),) * at + (slice(None, None, self.stride),)].copy()
        last = channels_last(np, x, self.setting)
        walks = self.walks(tuple(last.shape[1:-1]))
        seen = windows(np, padded(np, np.ascontiguousarray(last), walks), walks)
        rank = len(walks)
        columns = np.moveaxis(seen, -1, 1 + rank).reshape(len(x), prod(seen.shape[1 : 1 + rank]), -1)
        return as_laid_out(np, columns, self.setting)
