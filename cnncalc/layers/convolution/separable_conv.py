from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.kernels import convolution
from cnncalc.kernels.arrays import add_bias, as_laid_out, channels_last, require
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Weight
from cnncalc.layers.convolution._depthwise import DepthwiseWindows, grouped_kernel
from cnncalc.layers.keeping import Keeps, KeptArray
from cnncalc.layers.worked_output import TapsSeen, number, weighted


class SeparableConv(DepthwiseWindows):
    """Depthwise separable convolution: a depthwise kernel, then a 1×1 convolution over its outputs.

    The depthwise part gives `multiplier` outputs per input channel and has no bias; the pointwise part mixes them into
    `filters` channels. FLOPs: two per multiply–accumulate of both parts and one per output for the bias.
    """

    type = "separable_conv"
    role = "convolution"
    aliases = ("SeparableConv", "SeparableConvolution", "depthwise_separable_conv", "sepconv")
    rule = "convolution: O = ⌊(W − F′ + P₀ + P₁)/S⌋ + 1 with F′ = D(F − 1) + 1; Cᵢ·m channels between the two parts"
    sources = (
        "Chollet, Xception: Deep Learning with Depthwise Separable Convolutions, arXiv 1610.02357",
        "Keras, keras.layers.SeparableConv2D",
    )
    examples = ("71x71x32 -> separable_conv 64 3x3 same", "13x13x8 -> separable_conv 16 5 s2 multiplier=2 bias=false")

    filters = declare.count(
        "number of filters, the output's channels", positional=True, symbol="Cₒ",
        aliases=("out_channels", "num_output"),
    )  # fmt: skip
    kernel = declare.per_axis(
        "size of the depthwise window", positional=True, symbol="F", short="k", aliases=("kernel_size", "kernel_shape")
    )

    def shape(self, x: Shape) -> Shape:
        return self.volume(tuple(window.output for window in self.windows(x)), self.filters)

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        kernels, channels, positions = self.kernels(x), self.channels(x), self.spatial(y)
        yield Weight("depthwise_kernel", (*kernels, channels, self.multiplier), positions)
        yield Weight("pointwise_kernel", (*[1] * len(kernels), channels * self.multiplier, self.filters), positions)
        if self.bias:
            yield Weight("bias", (self.filters,), positions)

    def output_axes(self, weight: Weight) -> tuple[int, ...]:
        last = super().output_axes(weight)
        return (last[0] - 1, *last) if weight.name == "depthwise_kernel" else last

    def macs(self, x: Shape, y: Shape) -> int:
        between = self.channels(x) * self.multiplier
        return prod(self.spatial(y)) * between * prod(self.kernels(x)) + prod(y) * between

    def elementwise(self, x: Shape, y: Shape) -> int:
        return prod(y) if self.bias else 0

    def kept(self, x: Shape, y: Shape) -> Keeps:
        found = super().kept(x, y)
        between = KeptArray("depthwise output", prod(self.spatial(y)) * self.channels(x) * self.multiplier)
        return found._replace(arrays=(*found.arrays, between))

    def forward(
        self, np: ModuleType, x: Array, *, depthwise_kernel: Array, pointwise_kernel: Array, bias: Array | None = None
    ) -> Array:
        last, slides = self.padded(np, channels_last(np, x, self.setting))
        kernel = grouped_kernel(depthwise_kernel, last)
        between = convolution.convolve(np, last, kernel, None, slides, last.shape[-1])
        filters = pointwise_kernel.shape[-1]
        require("pointwise kernel", pointwise_kernel, (*[1] * len(slides), between.shape[-1], filters))
        y = add_bias(between @ pointwise_kernel.reshape(-1, filters), bias)
        return as_laid_out(np, y, self.setting)

    def forward_untied(
        self, np: ModuleType, x: Array, *, depthwise_kernel: Array, pointwise_kernel: Array, bias: Array | None = None
    ) -> Array:
        last, slides = self.padded(np, channels_last(np, x, self.setting))
        kernel = grouped_kernel(depthwise_kernel, last)
        between = convolution.convolve_untied(np, last, kernel, None, slides, last.shape[-1])
        starts, filters = between.shape[1:-1], pointwise_kernel.shape[-1]
        require("pointwise kernel", pointwise_kernel, (*starts, *[1] * len(slides), between.shape[-1], filters))
        y = (between[..., None, :] @ pointwise_kernel.reshape(*starts, -1, filters))[..., 0, :]
        if bias is not None:
            require("bias", bias, (*starts, filters))
            y += bias
        return as_laid_out(np, y, self.setting)

    def working(self, seen: TapsSeen, channel: int, **weights: Array) -> str:
        depthwise, bias = weights["depthwise_kernel"], weights.get("bias")
        factors = weights["pointwise_kernel"].reshape(-1, self.filters)[:, channel]
        parts = []
        for between, factor in enumerate(factors):
            source, which = divmod(between, self.multiplier)
            inner = weighted(seen, source, depthwise[..., source : source + 1, which], None)
            parts.append(f"({inner})·{number(factor)}")
        return " + ".join(parts if bias is None or not bias[channel] else [*parts, number(bias[channel])])
