from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.term import exact_div
from cnncalc.kernels import convolution
from cnncalc.kernels.arrays import as_laid_out, channels_last
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Weight
from cnncalc.layers.convolution._bordered import BorderedConvolution
from cnncalc.layers.convolution._groups import check_groups
from cnncalc.layers.worked_output import TapsSeen, weighted


class Conv(BorderedConvolution):
    """Convolution in one, two or three dimensions.

    Every output is the sum of the input times a kernel over a window and over all channels of a group; all positions
    share the kernel. FLOPs: two per multiply–accumulate and one per output for the bias.
    """

    type = "conv"
    role = "convolution"
    aliases = ("convolution",)
    rule = "convolution: O = ⌊(W − F′ + P₀ + P₁)/S⌋ + 1 with F′ = D(F − 1) + 1"
    sources = (
        "Dumoulin & Visin, A guide to convolution arithmetic for deep learning, arXiv 1603.07285",
        "CS231n, Convolutional Neural Networks: Architectures, Convolution / Pooling Layers",
    )
    examples = ("32x32x3 -> conv 20 8x8 s2 p1", "224x224x64 -> conv 128 3x3 same g32 bias=false")

    beside_windows = frozenset({"filters", "groups", "bias"})

    filters = declare.count(
        "number of filters, the output's channels", positional=True, symbol="Cₒ",
        aliases=("out_channels", "num_output"),
    )  # fmt: skip
    kernel = declare.per_axis(
        "size of the window", positional=True, symbol="F", short="k", aliases=("kernel_size", "kernel_shape")
    )
    groups = declare.count(
        "number of channel groups that are convolved separately", default=1, symbol="g", short="g", aliases=("group",)
    )

    def shape(self, x: Shape) -> Shape:
        windows = self.windows(x)
        if self.groups != 1:
            check_groups(self.filters, self.channels(x), self.groups)
        return self.volume(tuple([window.output for window in windows]), self.filters)

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        depth = self.channels(x) if self.groups == 1 else exact_div(self.channels(x), self.groups)
        positions = self.spatial(y)
        yield Weight("kernel", (*self.kernels(x), depth, self.filters), positions)
        if self.bias:
            yield Weight("bias", (self.filters,), positions)

    def macs(self, x: Shape, y: Shape) -> int:
        depth = self.channels(x) if self.groups == 1 else exact_div(self.channels(x), self.groups)
        return prod(y) * prod(self.kernels(x)) * depth

    def elementwise(self, x: Shape, y: Shape) -> int:
        return prod(y) if self.bias else 0

    def forward(self, np: ModuleType, x: Array, *, kernel: Array, bias: Array | None = None) -> Array:
        last, slides = self.padded(np, channels_last(np, x, self.setting))
        y = convolution.convolve(np, last, kernel, bias, slides, self.groups)
        return as_laid_out(np, y, self.setting)

    def forward_untied(self, np: ModuleType, x: Array, *, kernel: Array, bias: Array | None = None) -> Array:
        last, slides = self.padded(np, channels_last(np, x, self.setting))
        y = convolution.convolve_untied(np, last, kernel, bias, slides, self.groups)
        return as_laid_out(np, y, self.setting)

    def working(self, seen: TapsSeen, channel: int, **weights: Array) -> str:
        kernel, bias = weights["kernel"], weights.get("bias")
        first = channel // (kernel.shape[-1] // self.groups) * kernel.shape[-2]
        return weighted(seen, first, kernel[..., channel], None if bias is None else bias[channel])
