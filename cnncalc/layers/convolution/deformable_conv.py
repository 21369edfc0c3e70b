from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.term import exact_div
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.kernels import convolution
from cnncalc.kernels.arrays import add_bias, as_laid_out, channels_last, require
from cnncalc.kernels.sampling import bilinear
from cnncalc.kernels.windows import Side, Slide
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Reach, Weight
from cnncalc.layers.convolution._groups import check_groups
from cnncalc.layers.convolution._sliding import SlidingConvolution
from cnncalc.layers.keeping import Keeps, KeptArray


class DeformableConv(SlidingConvolution):
    """Deformable convolution: a convolution computes the position at which each tap of the main kernel reads.

    The offset convolution has the main one's kernel size, stride, padding and dilation, no groups, and always a bias.
    For each position, offset group and tap, it gives a vertical and a horizontal offset of the position that the tap
    reads; the input is interpolated bilinearly between pixels and is zero outside. With `modulated` (version 2) each
    tap also has a factor between 0 and 1, a sigmoid; these channels follow all offsets. The positions that an output
    reads depend on the data, so that the receptive field is undefined.

    FLOPs: two per multiply–accumulate of both convolutions, one per output of each for the bias, seven per value read
    (four products, three sums), and if modulated one more per value and per factor.
    """

    type = "deformable_conv"
    role = "convolution"
    aliases = ("DeformConv", "DeformableConvolution", "dcn", "ModulatedDeformConv")
    slides_weights = False
    shows_working = False
    slides_over_input = False
    rule = "convolution: O = ⌊(W − F′ + P₀ + P₁)/S⌋ + 1 with F′ = D(F − 1) + 1"
    sources = (
        "Dai et al., Deformable Convolutional Networks, arXiv 1703.06211",
        "Zhu et al., Deformable ConvNets v2: More Deformable, Better Results, arXiv 1811.11168",
        "torchvision.ops.DeformConv2d; ONNX operators, DeformConv",
    )
    examples = (
        "13x17x4 -> deformable_conv 6 3x3 p1",
        "11x13x4 -> deformable_conv 6 3x3 s2 p1 modulated=true offset_groups=2",
    )

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
    offset_groups = declare.count(
        "number of groups of input channels, each with its own offsets", default=1, symbol="G",
        aliases=("offset_group", "deform_groups", "deformable_groups"),
    )  # fmt: skip
    modulated = declare.flag("whether each tap also has a factor: version 2", default=False, aliases=("use_mask",))

    def paddings(self, x: Shape) -> tuple[Side, ...]:
        convention = self.setting.convention
        if isinstance(self.padding, str) and convention.name in ("pytorch", "onnx"):
            raise Refusal(
                f'{convention.title}\'s deformable convolution has no padding "{self.padding}"',
                hint="write the padding as numbers",
                field="padding",
                code="E304",
            )
        return super().paddings(x)

    def shape(self, x: Shape) -> Shape:
        if len(x) != 3:
            raise Refusal(
                f"deformable_conv is for images, with 2 spatial axes; the input has {max(len(x) - 1, 0)}",
                code="E303",
            )
        windows = self.new_windows(x)
        check_groups(self.filters, self.channels(x), self.groups)
        if self.channels(x) % self.offset_groups:
            channels, parts = int(self.channels(x)), int(self.offset_groups)
            raise Refusal(
                f"{channels} input channels cannot be divided into {parts} offset groups",
                hint="the number of input channels must be a multiple of the offset groups",
                field="offset_groups",
                code="E305",
            )
        return self.volume(tuple(window.output for window in windows), self.filters)

    def windows(self, x: Shape) -> tuple[AxisWindow, ...]:
        """Undefined: the positions that an output reads are learned and depend on the input."""
        return ()

    def reach(self, x: Shape) -> Reach:
        return ()

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        kernels, channels, positions = self.kernels(x), self.channels(x), self.spatial(y)
        yield Weight("kernel", (*kernels, self._depth(x), self.filters), positions)
        if self.bias:
            yield Weight("bias", (self.filters,), positions)
        yield Weight("offset_kernel", (*kernels, channels, self._directions(x)), positions)
        yield Weight("offset_bias", (self._directions(x),), positions)

    def _depth(self, x: Shape) -> int:
        return self.channels(x) if self.groups == 1 else exact_div(self.channels(x), self.groups)

    def _directions(self, x: Shape) -> int:
        """Channels of the offset convolution: two per tap and offset group, or three if modulated."""
        return (3 if self.modulated else 2) * prod(self.kernels(x)) * self.offset_groups

    def macs(self, x: Shape, y: Shape) -> int:
        taps = prod(self.kernels(x))
        positions = prod(self.spatial(y))
        return prod(y) * taps * self._depth(x) + positions * self._directions(x) * taps * self.channels(x)

    def elementwise(self, x: Shape, y: Shape) -> int:
        positions, taps = prod(self.spatial(y)), prod(self.kernels(x))
        per_value, factors = (8, taps * self.offset_groups) if self.modulated else (7, 0)
        at_a_position = self._directions(x) + per_value * taps * self.channels(x) + factors
        return positions * at_a_position + (prod(y) if self.bias else 0)

    def kept(self, x: Shape, y: Shape) -> Keeps:
        """The input, which both convolutions read, the offsets, and the factors."""
        taps = self.offset_groups * prod(self.kernels(x)) * prod(self.spatial(y))
        return Keeps(
            "all",
            arrays=(
                KeptArray("offsets", (3 if self.modulated else 2) * taps),
                *((KeptArray("factors", taps),) if self.modulated else ()),
            ),
        )

    def remarks(self, x: Shape, y: Shape) -> tuple[str, ...]:
        return ("The positions that an output reads depend on the offsets, so that its receptive field is undefined.",)

    def forward(
        self, np: ModuleType, x: Array, *, kernel: Array, offset_kernel: Array, offset_bias: Array,
        bias: Array | None = None,
    ) -> Array:  # fmt: skip
        last = channels_last(np, x, self.setting)
        slides = self.slides(last)
        require("kernel", kernel, (*[step.kernel for step in slides], last.shape[-1] // self.groups, self.filters))
        told = convolution.convolve(np, last, offset_kernel, offset_bias, slides, 1)
        taps = kernel.shape[0] * kernel.shape[1]
        require("offsets of a position", told[0, 0, 0], ((3 if self.modulated else 2) * taps * self.offset_groups,))
        y = np.zeros((*told.shape[:3], self.filters), dtype=np.result_type(last, kernel))
        for index, tap in enumerate(product(*(range(step.kernel) for step in slides))):
            seen = self._read(np, last, told, slides, tap, index)
            _multiply(seen, kernel[tap], y, self.groups)
        return as_laid_out(np, add_bias(y, bias), self.setting)

    def _read(
        self, np: ModuleType, x: Array, told: Array, slides: list[Slide], tap: tuple[int, ...], index: int
    ) -> Array:
        """The values that one tap reads at every position: (batch, *starts, channels)."""
        taps, depth = slides[0].kernel * slides[1].kernel, x.shape[-1] // self.offset_groups
        rows, columns = (
            np.arange(step.starts, dtype=told.dtype) * step.stride - step.before + place * step.dilation
            for step, place in zip(slides, tap, strict=True)
        )
        read = []
        for group in range(self.offset_groups):
            number = group * taps + index
            down, right = told[..., 2 * number], told[..., 2 * number + 1]
            inputs = x[..., group * depth : (group + 1) * depth]
            values = bilinear(np, inputs, rows[:, None] + down, columns + right)
            if self.modulated:
                factor = told[..., 2 * taps * self.offset_groups + number]
                values *= (0.5 * (1 + np.tanh(0.5 * factor)))[..., None]
            read.append(values)
        return np.concatenate(read, axis=-1)


def _multiply(seen: Array, kernel: Array, y: Array, groups: int) -> None:
    """Add to `y` the values of one tap times its kernel (channels/groups, filters), group by group."""
    depth, count = kernel.shape[0], kernel.shape[1] // groups
    for group in range(groups):
        filters = slice(group * count, (group + 1) * count)
        y[..., filters] += seen[..., group * depth : (group + 1) * depth] @ kernel[:, filters]
