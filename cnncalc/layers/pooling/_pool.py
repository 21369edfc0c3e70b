"""The base of pools: a window that slides over each channel."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any, ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.window import ROUNDINGS, AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.window_layer import WindowLayer

_LIMITS: Mapping[str, str] = {"half": "half the kernel", "kernel": "less than the kernel"}


class Pool(WindowLayer):
    """A window that slides over the spatial axes of each channel; the channels are unchanged."""

    family = "pooling"
    shows_working = True
    without_effect: ClassVar[tuple[str, ...]] = ("return_indices", "storage_order")
    meanings: ClassVar[dict[str, tuple[str, dict[Any, Any]]]] = {
        "ceil_mode": ("rounding", {False: "floor", True: "ceil", "true": "ceil", "false": "floor"}),
        "round_mode": ("rounding", {"ceil": "caffe", "floor": "floor", 0: "caffe", 1: "floor"}),
    }
    rule = "pooling: O = ⌊(W − F′ + P₀ + P₁)/S⌋ + 1 with F′ = D(F − 1) + 1; depth unchanged"
    sources = (
        "CS231n, Convolutional Neural Networks: Architectures, Pooling Layer",
        "Dumoulin & Visin, A guide to convolution arithmetic for deep learning, arXiv 1603.07285, chapter 3",
        "PyTorch, torch.nn.MaxPool2d, AvgPool2d, LPPool2d; ONNX operators, MaxPool, AveragePool, LpPool",
    )

    kernel = declare.per_axis(
        "size of the window",
        positional=True,
        symbol="F",
        short="k",
        aliases=("pool_size", "kernel_size", "kernel_shape", "ksize"),
    )
    stride = declare.optional_per_axis(
        "step of the window", positional=True, symbol="S", short="s", aliases=("strides",),
        default_text="the kernel; 1 under onnx and caffe",
    )  # fmt: skip
    padding = declare.padding(
        "padding around the input, which is never the maximum", aliases=("pad", "pads", "auto_pad")
    )
    rounding = declare.choice(
        "how a fractional output size is rounded",
        ROUNDINGS,
        default=None,
        default_text="floor; caffe under caffe",
    )
    keeps = keeping.INPUTS

    def strides(self, x: Shape) -> tuple[int, ...]:
        if self.stride is not None:
            return self.axes(self.stride, x, "stride")
        if self.setting.convention.pool_stride == "one":
            return (1,) * (len(x) - 1)
        return self.kernels(x)

    def rounding_rule(self) -> str:
        return self.rounding or self.setting.convention.pool_rounding

    def new_windows(self, x: Shape) -> tuple[AxisWindow, ...]:
        windows = super().new_windows(x)
        self._check_padding(x, windows)
        return windows

    def _check_padding(self, x: Shape, windows: tuple[AxisWindow, ...]) -> None:
        """Reject more padding than PyTorch, ONNX and Caffe allow for the kernel, dilated or not."""
        limit = self.setting.convention.pool_padding_limit
        if limit == "none":
            return
        for kernel, side, window in zip(self.kernels(x), self.paddings(x), windows, strict=True):
            same = isinstance(side, str) and side.startswith("same")
            if limit == "half" and same:
                raise Refusal(
                    f'{self.setting.convention.title}\'s pools have no padding "{side}"',
                    hint="write the padding as numbers",
                    field="padding",
                    code="E304",
                )
            most = kernel // 2 if limit == "half" else kernel - 1
            padding = max(window.before, window.after)
            if padding > most and not same:
                raise Refusal(
                    f"padding {int(padding)} is more than {self.setting.convention.title} allows for kernel {kernel}",
                    hint=f"pad by at most {most}: {_LIMITS[limit]}",
                    field="padding",
                    code="E304",
                )

    def shape(self, x: Shape) -> Shape:
        return self.volume(tuple(window.output for window in self.windows(x)), self.channels(x))

    def elementwise(self, x: Shape, y: Shape) -> int:
        """ΠF − 1 comparisons or additions per output."""
        return prod(y) * (prod(self.kernels(x)) - 1)
