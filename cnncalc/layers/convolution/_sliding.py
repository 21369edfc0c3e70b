"""The base of convolutions that slide a kernel over their input."""

from __future__ import annotations

from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.window import ROUNDINGS, AxisWindow
from cnncalc.layers import declare
from cnncalc.layers.window_layer import WindowLayer, refuse_strided_dilation


class SlidingConvolution(WindowLayer):
    """A kernel that slides over the input: its fields, and the window along each axis."""

    family = "convolution"
    slides_weights = True
    shows_working = True
    states: ClassVar[dict[str, str]] = {"in_channels": "channels"}
    without_effect: ClassVar[tuple[str, ...]] = ("force_nd_im2col", "axis")

    stride = declare.per_axis("step of the window", default=1, symbol="S", short="s", aliases=("strides",))
    padding = declare.padding("padding around the input", aliases=("pad", "pads", "auto_pad"))
    dilation = declare.per_axis(
        "distance between the kernel's taps", default=1, symbol="D", short="d", aliases=("dilation_rate", "dilations")
    )
    bias = declare.flag(
        "whether a bias is added to each output channel", default=True, aliases=("use_bias", "bias_term")
    )
    rounding = declare.choice("how a fractional output size is rounded", ROUNDINGS, default="floor")

    def strides(self, x: Shape) -> tuple[int, ...]:
        return self.axes(self.stride, x, "stride")

    def dilations(self, x: Shape) -> tuple[int, ...]:
        return self.axes(self.dilation, x, "dilation")

    def rounding_rule(self) -> str:
        return self.rounding

    def takes_stride_with_dilation(self) -> bool:
        """Whether the convention allows a stride above 1 together with a dilation above 1."""
        return self.setting.convention.stride_with_dilation

    def new_windows(self, x: Shape) -> tuple[AxisWindow, ...]:
        if not self.takes_stride_with_dilation():
            refuse_strided_dilation(self, x)
        return super().new_windows(x)
