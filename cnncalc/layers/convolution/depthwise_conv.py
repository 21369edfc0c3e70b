from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.kernels import convolution
from cnncalc.kernels.arrays import as_laid_out, channels_last
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Weight
from cnncalc.layers.convolution._depthwise import DepthwiseWindows, grouped_kernel
from cnncalc.layers.worked_output import TapsSeen, weighted


class DepthwiseConv(DepthwiseWindows):
    """Depthwise convolution: every channel is convolved separately, with `multiplier` kernels.

    The outputs of a channel are adjacent: channel c gives outputs c·m to c·m + m − 1. FLOPs: two per
    multiply–accumulate and one per output for the bias.
    """

    type = "depthwise_conv"
    role = "convolution"
    aliases = ("DepthwiseConv", "depthwise", "dwconv")
    rule = "convolution: O = ⌊(W − F′ + P₀ + P₁)/S⌋ + 1 with F′ = D(F − 1) + 1; Cᵢ·m channels"
    sources = (
        "Howard et al., MobileNets, arXiv 1704.04861, section 3.1",
        "Keras, keras.layers.DepthwiseConv2D",
    )
    examples = ("112x112x32 -> depthwise_conv 3x3 same", "13x13x8 -> depthwise_conv 5 s2 multiplier=2")

    kernel = declare.per_axis(
        "size of the window", positional=True, symbol="F", short="k", aliases=("kernel_size", "kernel_shape")
    )

    def shape(self, x: Shape) -> Shape:
        outputs = tuple(window.output for window in self.windows(x))
        return self.volume(outputs, self.channels(x) * self.multiplier)

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        yield Weight("kernel", (*self.kernels(x), self.channels(x), self.multiplier), positions=self.spatial(y))
        if self.bias:
            yield Weight("bias", (self.channels(x) * self.multiplier,), positions=self.spatial(y))

    def macs(self, x: Shape, y: Shape) -> int:
        return prod(y) * prod(self.kernels(x))

    def elementwise(self, x: Shape, y: Shape) -> int:
        return prod(y) if self.bias else 0

    def forward(self, np: ModuleType, x: Array, *, kernel: Array, bias: Array | None = None) -> Array:
        last, slides = self.padded(np, channels_last(np, x, self.setting))
        y = convolution.convolve(np, last, grouped_kernel(kernel, last), bias, slides, last.shape[-1])
        return as_laid_out(np, y, self.setting)

    def forward_untied(self, np: ModuleType, x: Array, *, kernel: Array, bias: Array | None = None) -> Array:
        last, slides = self.padded(np, channels_last(np, x, self.setting))
        y = convolution.convolve_untied(np, last, grouped_kernel(kernel, last), bias, slides, last.shape[-1])
        return as_laid_out(np, y, self.setting)

    def channels_first(self, weight: Weight) -> tuple[int, ...]:
        *kernel, last = range(len(weight.shape))
        return (*kernel[-1:], last, *kernel[:-1])  # channel by channel, the outputs of each channel adjacent

    def output_axes(self, weight: Weight) -> tuple[int, ...]:
        return (len(weight.shape) - 2, len(weight.shape) - 1) if weight.is_kernel else ()

    def working(self, seen: TapsSeen, channel: int, **weights: Array) -> str:
        source, which = divmod(channel, self.multiplier)
        kernel, bias = weights["kernel"][..., source : source + 1, which], weights.get("bias")
        return weighted(seen, source, kernel, None if bias is None else bias[channel])
