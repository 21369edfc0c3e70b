from __future__ import annotations

from math import nan
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.kernels import pooling
from cnncalc.kernels.arrays import as_laid_out, channels_last
from cnncalc.kernels.windows import Side, Slide, explicit_sides
from cnncalc.layers import declare
from cnncalc.layers.base import Array
from cnncalc.layers.pooling._dilated_pool import DilatedPool
from cnncalc.layers.worked_output import TapsSeen, inside


class AvgPool(DilatedPool):
    """Average pooling: the mean of every window.

    At the border the mean covers the whole window, with padding as zeros, or only the input (`count_include_pad`);
    positions that `ceil` adds beyond the padding never count. A `divisor` replaces the number of positions. The mean of
    a window without any input, because a dilation skips it, is 0 under onnx, as in ONNX Runtime. Under pytorch, a
    kernel larger than the unpadded input is an error in three dimensions, as in AvgPool3d, but not in one or two.
    FLOPs: the ΠF − 1 additions of each output; the division is not counted.
    """

    type = "avg_pool"
    aliases = ("AveragePooling", "AveragePool", "average_pool", "mean_pool")
    examples = ("8x8x10 -> avg_pool 2", "28x28x64 -> avg_pool 3 s1 p1")

    count_include_pad = declare.flag(
        "whether padding counts in the mean", default=None, default_text="true; false under keras, tensorflow and onnx"
    )

    divisor = declare.optional_count(
        "divisor of a window's sum", aliases=("divisor_override",), default_text="the number of positions"
    )
    undilated = ("pytorch", "keras", "caffe")

    def counts_padding(self) -> bool:
        """Whether padding counts: as given, or the convention's default."""
        if self.count_include_pad is None:
            return self.setting.convention.average_counts_padding
        return self.count_include_pad

    def new_windows(self, x: Shape) -> tuple[AxisWindow, ...]:
        windows = super().new_windows(x)
        self._check_divisor(len(windows))
        if self.setting.convention.name == "pytorch" and len(windows) == 3:
            self._refuse_larger_than_input(x)
        return windows

    def _check_divisor(self, rank: int) -> None:
        if self.divisor is not None and self.setting.convention.name == "pytorch" and rank == 1:
            raise Refusal(
                "PyTorch's AvgPool1d has no divisor; AvgPool2d and AvgPool3d have one",
                hint="remove it, or choose another convention",
                field="divisor",
                code="E304",
            )

    def _refuse_larger_than_input(self, x: Shape) -> None:
        """Reject a kernel larger than the unpadded input, as PyTorch's AvgPool3d does, unlike AvgPool2d."""
        for W, F in zip(self.spatial(x), self.kernels(x), strict=True):
            if F > W:
                raise Refusal(
                    f"PyTorch's AvgPool3d rejects kernel {F} on an input of {W}, padded or not",
                    hint=f"use a kernel of at most {W}, or add a zero_pad before it",
                    field="kernel",
                )

    def forward(self, np: ModuleType, x: Array) -> Array:
        last = channels_last(np, x, self.setting)
        sides = self.paddings(tuple(last.shape[1:]))
        slides = self.slides(last)
        if self.divisor is not None:
            return as_laid_out(np, pooling.total(np, last, slides) / np.float32(self.divisor), self.setting)
        counted = [(0, 0)] * len(slides)
        if self.counts_padding():
            counted = [
                _asked_for(side, step.dilation * (step.kernel - 1) + 1, step)
                for side, step in zip(sides, slides, strict=True)
            ]
        of_nothing = 0 if self.setting.convention.name == "onnx" else nan
        return as_laid_out(np, pooling.mean(np, last, slides, counted, of_nothing=of_nothing), self.setting)

    def working(self, seen: TapsSeen, channel: int, **weights: Array) -> str:
        values = inside(seen, channel)
        return f"({' + '.join(values) or '0'})/{self.divisor or self._counted(seen)}"

    def _counted(self, seen: TapsSeen) -> int:
        """The number of positions that a window's mean covers: those of the input, and of the padding if it counts."""
        if not self.counts_padding():
            return len(inside(seen, 0))
        counted = 1
        for out, W, F, side, step, D in zip(
            seen.position, self.spatial(seen.shape), self.kernels(seen.shape), self.paddings(seen.shape),
            self.windows(seen.shape), self.dilations(seen.shape), strict=True,
        ):  # fmt: skip
            _, after = _asked_for(side, D * (F - 1) + 1, step)
            first = out * step.stride - step.before
            counted *= sum(first + index * D < W + after for index in range(F))
        return counted


def _asked_for(side: Side, extent: int, step: Slide | AxisWindow) -> tuple[int, int]:
    """The padding before and after that the spec requests, without what `ceil` adds beyond it."""
    if isinstance(side, str) and side.startswith("same"):
        return step.before, step.after
    return explicit_sides(side, extent)
