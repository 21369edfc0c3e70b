from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod
from types import ModuleType
from typing import ClassVar, NamedTuple

from cnncalc.arithmetic import taps, transposed
from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.term import ceil_div, exact_div
from cnncalc.arithmetic.window import AxisWindow, dilated
from cnncalc.diagnostics import Refusal
from cnncalc.kernels.arrays import add_bias, as_laid_out, channels_last, require
from cnncalc.kernels.transposed import AxisSpread, spread, spread_untied
from cnncalc.kernels.windows import Side
from cnncalc.layers import declare, keeping, shared_fields
from cnncalc.layers.base import Array, Reach, Weight
from cnncalc.layers.convolution._groups import check_groups
from cnncalc.layers.window_layer import WindowLayer, refuse_strided_dilation
from cnncalc.layers.worked_output import Place, TapsSeen, weighted

WORDS = ("valid", "same", "same_upper", "same_lower")


class _TransposedAxis(NamedTuple):
    """One axis: the input's size, the kernel, the stride and dilation, and the requests for the output's size."""

    W: int
    F: int
    S: int
    D: int
    side: Side
    A: int | None
    """The size added at the end; None if not given."""
    wanted: int | None
    """The requested output size; None if not given."""

    @property
    def extent(self) -> int:
        return dilated(self.F, self.D)


class ConvTranspose(WindowLayer):
    """Transposed convolution: every input adds a scaled kernel to the output.

    The kernel is used at every input position, the bias at every output position. `same` gives W·S; under onnx only if
    the kernel and the output padding cover the stride, and (W − 1)·S + F′ + A otherwise. FLOPs: two per
    multiply–accumulate and one per output for the bias.
    """

    type = "conv_transpose"
    role = "convolution"
    aliases = ("ConvTranspose", "ConvolutionTranspose", "deconv", "deconvolution", "transposed_conv", "transpose_conv")
    family = "convolution"
    slides_weights = True
    slides_over_input = False
    states: ClassVar[dict[str, str]] = {"in_channels": "channels"}
    without_effect: ClassVar[tuple[str, ...]] = ("force_nd_im2col", "axis")
    shows_working = True
    rule = "transposed convolution: O = (W − 1)·S − P₀ − P₁ + F′ + A"
    sources = (
        "Dumoulin & Visin, A guide to convolution arithmetic for deep learning, arXiv 1603.07285, chapter 4",
        "PyTorch, torch.nn.ConvTranspose2d; Keras, Conv2DTranspose; TensorFlow, tf.nn.conv2d_transpose",
        "ONNX operators, ConvTranspose",
    )
    examples = ("4x4x512 -> conv_transpose 256 4x4 s2 p1", "7x7x64 -> conv_transpose 32 3x3 s2 same")

    filters = declare.count(
        "number of filters, the output's channels", positional=True, symbol="Cₒ", aliases=("out_channels", "num_output")
    )
    kernel = declare.per_axis(
        "size of the kernel", positional=True, symbol="F", short="k", aliases=("kernel_size", "kernel_shape")
    )
    stride = declare.per_axis("distance between neighbouring inputs in the output", default=1, symbol="S", short="s",
                              aliases=("strides",))  # fmt: skip
    padding = declare.padding(
        "amount that is removed around the output", words=WORDS, aliases=("pad", "pads", "auto_pad")
    )
    output_padding = declare.optional_per_axis("size added at the end", minimum=0, symbol="A")
    dilation = declare.per_axis(
        "distance between the kernel's taps", default=1, symbol="D", short="d", aliases=("dilation_rate", "dilations")
    )
    groups = declare.count(
        "number of channel groups that are convolved separately", default=1, symbol="g", short="g", aliases=("group",)
    )
    bias = declare.flag(
        "whether a bias is added to each output channel", default=True, aliases=("use_bias", "bias_term")
    )
    output_size = declare.optional_per_axis(
        "the requested output size, which sets the output padding", aliases=("output_shape",)
    )
    padding_mode = shared_fields.padding_mode()
    form = declare.choice(
        "size formula: explicit, or the modular formula of course notes", ("explicit", "modular"), default="explicit"
    )
    keeps = keeping.INPUTS

    def strides(self, x: Shape) -> tuple[int, ...]:
        return self.axes(self.stride, x, "stride")

    def dilations(self, x: Shape) -> tuple[int, ...]:
        return self.axes(self.dilation, x, "dilation")

    def output_paddings(self, x: Shape) -> tuple[int | None, ...]:
        """A along each axis, None if not given."""
        if self.output_padding is None:
            return (None,) * (len(x) - 1)
        return self.axes(self.output_padding, x, "output_padding")

    def wanted(self, x: Shape) -> tuple[int | None, ...]:
        """The requested output size along each axis, None if not given."""
        if self.output_size is None:
            return (None,) * (len(x) - 1)
        return self.axes(self.output_size, x, "output_size")

    # --- rules -----------------------------------------------------------------------------------------------------

    def shape(self, x: Shape) -> Shape:
        self.require_spatial(x)
        self._check_mode()
        if not self.setting.convention.stride_with_dilation:
            refuse_strided_dilation(self, x)
        outputs = tuple(
            self._output(_TransposedAxis(*axis))
            for axis in zip(
                self.spatial(x), self.kernels(x), self.strides(x), self.dilations(x), self.paddings(x),
                self.output_paddings(x), self.wanted(x), strict=True,
            )
        )  # fmt: skip
        check_groups(self.filters, self.channels(x), self.groups)
        return self.volume(outputs, self.filters)

    def _check_mode(self) -> None:
        if self.padding_mode != "zeros":
            raise Refusal(
                f'a transposed convolution removes its padding: mode "{self.padding_mode}" has no positions to fill',
                hint="remove it, or pad the input with a layer before it",
                field="padding_mode",
                code="E304",
            )

    def _output(self, axis: _TransposedAxis) -> int:
        if axis.wanted is None or self.setting.convention.transposed_same == "auto_pad":
            self._check_output_padding(axis.S, axis.D, axis.A)
        output = self._size(axis)
        if output < 1:
            span = int((axis.W - 1) * axis.S + axis.extent)
            raise Refusal(
                f"the output would be {int(output)}: more is removed than (W − 1)·S + F′ = {span}",
                hint="use less padding",
                field="padding",
            )
        return output

    def _size(self, axis: _TransposedAxis) -> int:
        W, extent, S, side, A = axis.W, axis.extent, axis.S, axis.side, axis.A
        convention = self.setting.convention
        if isinstance(side, str) and convention.transposed_same == "refuse":
            raise Refusal(
                f'{convention.title}\'s transposed convolution has no padding "{side}"',
                hint="write the padding as numbers",
                field="padding",
                code="E304",
            )
        if self.form == "modular":
            self._check_modular(axis)
            return transposed.modular(W, extent, S, self._symmetric(side))
        if axis.wanted is not None:
            return self._check_wanted(axis, axis.wanted)
        if isinstance(side, str) and side != "valid":
            if convention.transposed_same == "auto_pad":
                return transposed.auto_pad(W, extent, S, A or 0)
            return transposed.tensorflow_same(W, S) if A is None else transposed.explicit(
                W, extent, S, extent // 2, extent // 2, A
            )  # fmt: skip
        if self._is_valid(side) and A is None:
            return transposed.tensorflow_valid(W, extent, S)
        before, after = _numbers(side)
        return transposed.explicit(W, extent, S, before, after, A or 0)

    def _is_valid(self, side: Side) -> bool:
        """Whether the padding is TensorFlow's VALID: by name, or because padding is 0 under its convention."""
        if self.setting.convention.name in ("keras", "tensorflow"):
            return side in ("valid", 0)
        return side == "valid" and self.setting.convention.transposed_same == "product"

    def _symmetric(self, side: Side) -> int:
        before, after = _numbers(side)
        if before != after:
            raise Refusal(
                f"the modular formula has one padding for both sides, got {before} and {after}",
                hint="give one number, or use the explicit formula",
                field="padding",
                code="E304",
            )
        return before

    def _check_modular(self, axis: _TransposedAxis) -> None:
        """Reject fields that the modular formula, with W, F, S and P, would ignore."""
        said = {
            "padding": f'padding "{axis.side}"' if isinstance(axis.side, str) and axis.side != "valid" else "",
            "output_padding": "output padding" if axis.A is not None else "",
            "output_size": "output size" if axis.wanted is not None else "",
        }
        for field, what in said.items():
            if what:
                raise Refusal(
                    f"the modular formula has no {what}",
                    hint="remove it, or use the explicit formula",
                    field=field,
                    code="E304",
                )

    def _check_output_padding(self, S: int, D: int, A: int | None) -> None:
        if A is None:
            return
        keras = self.setting.convention.name in ("keras", "tensorflow")
        most = S if keras else max(S, D)
        if most <= A:
            what = "the stride" if keras else "the stride and the dilation"
            raise Refusal(
                f"output padding {A} must be smaller than {what}, {most}",
                hint=f"use at most {most - 1}",
                field="output_padding",
                code="E304",
            )

    def _check_wanted(self, axis: _TransposedAxis, wanted: int) -> int:
        W, extent, S, side = axis.W, axis.extent, axis.S, axis.side
        if self.setting.convention.name == "onnx":  # the excess is removed, regardless of the padding
            least = 1
            most = transposed.explicit(W, extent, S, 0, 0, S - 1)
        elif isinstance(side, str) and side != "valid":  # every size that SAME maps to W
            least, most = (W - 1) * S + 1, transposed.tensorflow_same(W, S)
        else:
            before, after = _numbers(side)
            least = transposed.explicit(W, extent, S, before, after, 0)
            most = least + S - 1
        if not least <= wanted <= most:
            raise Refusal(
                f"output size {wanted} cannot be reached: it must be between {int(least)} and {int(most)}",
                hint="change the stride, the kernel or the padding",
                field="output_size",
                code="E304",
            )
        return wanted

    def windows(self, x: Shape) -> tuple[AxisWindow, ...]:
        """An output reads at most ⌈F′/S⌉ inputs; neighbouring outputs are 1/S of an input apart."""
        outputs = self.spatial(self.shape(x))
        like = (*self.spatial(x), 1)
        return tuple(
            AxisWindow(ceil_div(extent, S), 1, (extent - 1 - step.cut_before) // S, 0, output, S)
            for extent, S, step, output in zip(
                map(dilated, self.kernels(x), self.dilations(x)), self.strides(x), self._spreads(like), outputs,
                strict=True,
            )
        )  # fmt: skip

    def reach(self, x: Shape) -> Reach:
        """The inputs whose kernels reach an output; their number differs between outputs."""
        spreads = self._spreads((*self.spatial(x), 1))
        return taps.patterns(
            taps.transposed(step.kernel, step.stride, step.dilation, step.cut_before) for step in spreads
        )

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        filters = self.filters if self.groups == 1 else exact_div(self.filters, self.groups)
        yield Weight("kernel", (*self.kernels(x), self.channels(x), filters), positions=self.spatial(x))
        if self.bias:
            yield Weight("bias", (self.filters,), positions=self.spatial(y))

    def macs(self, x: Shape, y: Shape) -> int:
        filters = self.filters if self.groups == 1 else exact_div(self.filters, self.groups)
        return prod(x) * prod(self.kernels(x)) * filters

    def elementwise(self, x: Shape, y: Shape) -> int:
        return prod(y) if self.bias else 0

    def remarks(self, x: Shape, y: Shape) -> tuple[str, ...]:
        if self.form != "modular":
            return ()
        return (_MODULAR_REMARK,)

    def channels_first(self, weight: Weight) -> tuple[int, ...]:
        *kernel, last = range(len(weight.shape))
        return (*kernel[-1:], last, *kernel[:-1])  # as in the convolution that this one transposes: inputs first

    # --- forward pass ----------------------------------------------------------------------------------------------

    def forward(self, np: ModuleType, x: Array, *, kernel: Array, bias: Array | None = None) -> Array:
        last = channels_last(np, x, self.setting)
        y = spread(np, last, kernel, self._spreads(tuple(last.shape[1:])), self.groups)
        return as_laid_out(np, add_bias(y, bias), self.setting)

    def forward_untied(self, np: ModuleType, x: Array, *, kernel: Array, bias: Array | None = None) -> Array:
        last = channels_last(np, x, self.setting)
        y = spread_untied(np, last, kernel, self._spreads(tuple(last.shape[1:])), self.groups)
        if bias is not None:
            require("bias", bias, tuple(y.shape[1:]))
            y = y + bias
        return as_laid_out(np, y, self.setting)

    def taps(self, position: Place, x: Shape) -> Iterator[tuple[Place, Place | None]]:
        """The taps that reach an output position, each with its input."""
        steps = self._spreads((*self.spatial(x), 1))
        for tap in product(*map(range, self.kernels(x))):
            reached = [
                divmod(out + step.cut_before - index * step.dilation, step.stride)
                for out, index, step in zip(position, tap, steps, strict=True)
            ]
            place = tuple(place for place, rest in reached if rest == 0)
            if len(place) == len(reached) and all(0 <= one < W for one, W in zip(place, self.spatial(x), strict=True)):
                yield tap, place

    def working(self, seen: TapsSeen, channel: int, **weights: Array) -> str:
        kernel, bias = weights["kernel"], weights.get("bias")
        depth = kernel.shape[-2] // self.groups
        group, which = divmod(channel, kernel.shape[-1])
        first = group * depth
        taps = kernel[..., first : first + depth, which]
        return weighted(seen, first, taps, None if bias is None else bias[channel])

    def _spreads(self, like: Shape) -> list[AxisSpread]:
        """The amounts removed along each axis of an array of shape `like`, channels last."""
        return [
            AxisSpread(F, S, D, *self._cut(W, dilated(F, D), S, side, A, wanted))
            for W, F, S, D, side, A, wanted in zip(
                like[:-1], self.kernels(like), self.strides(like), self.dilations(like), self.paddings(like),
                self.output_paddings(like), self.wanted(like), strict=True,
            )
        ]  # fmt: skip

    def _cut(self, W: int, extent: int, S: int, side: Side, A: int | None, wanted: int | None) -> tuple[int, int]:
        """The amounts removed before and after the span of all kernels; negative where zeros are added."""
        reach = (W - 1) * S + extent
        if self.form == "modular":
            padding = self._symmetric(side)
            return padding, padding - (W + 2 * padding - extent) % S
        if wanted is not None:
            if self.setting.convention.name == "onnx":
                total = max(reach + (A or 0) - wanted, 0)
                before = _before(total, lower=side not in ("same", "same_upper"))
            elif isinstance(side, str):
                before = _before(max(reach - wanted, 0), lower=side == "same_lower")
            else:
                before, _ = _numbers(side)
            return before, reach - before - wanted
        if isinstance(side, str) and side != "valid":
            if self.setting.convention.transposed_same == "auto_pad":
                total = max(extent + (A or 0) - S, 0)
                before = _before(total, lower=side == "same_lower")
                return before, total - before - (A or 0)
            if A is None:
                before = max(extent - S, 0) // 2
                return before, extent - S - before
            before = max(2 * (extent // 2) - A, 0) // 2  # Keras splits the rest of the padding
            return before, 2 * (extent // 2) - A - before
        if self._is_valid(side) and A is None:
            return 0, min(extent - S, 0)
        before, after = _numbers(side)
        return before, after - (A or 0)


_MODULAR_REMARK = (
    "In Dumoulin & Visin's arithmetic the W inside mod is the original convolution's input, which a transposed layer "
    "cannot know; course notes use the layer's own input, and so does this."
)


def _numbers(side: Side) -> tuple[int, int]:
    if isinstance(side, str):
        return 0, 0
    return side if isinstance(side, tuple) else (side, side)


def _before(total: int, *, lower: bool) -> int:
    """The part of the total padding before the input: half of it, rounded up for SAME_LOWER."""
    return total - total // 2 if lower else total // 2
