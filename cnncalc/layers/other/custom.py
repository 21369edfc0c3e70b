from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.kernels.arrays import as_laid_out, channels_last
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Sight, Weight, show_shape
from cnncalc.number_text import thousands


class Custom(Layer):
    """A layer of your own, described by expressions: its output, parameters, work and window.

    Every value may be computed from the shape that flows in, `${in.channels}`, and from a block's parameters, so that
    one description is valid at every position of the network:

        blocks:
          involution:
            parameters: {k: 7, groups: 4, reduction: 4}
            layers:
              - custom:
                  output: "${in.height}x${in.width}x${in.channels}"
                  params: "${in.channels * (in.channels + k**2 * groups) // reduction}"
                  macs: "${in.height * in.width * in.channels * ((in.channels + k**2 * groups) // reduction + k**2)}"
                  kernel: "${k}"
                  padding: "${k // 2}"
        layers:
          - conv 32 3x3 same
          - involution
          - involution: {k: 3, groups: 8}

    `flops` is the total number of operations, by default two per multiply–accumulate. With a `kernel`, the receptive
    field is traced through the layer; without one it is undefined from there on. The parameters are allocated, but the
    layer's function is unknown: the forward pass uses the means of its windows instead, or zeros without a kernel.
    """

    type = "custom"
    aliases = ("lambda", "user_defined")
    family = "other"
    rule = "custom: as declared by the spec's expressions"
    sources = ("the spec itself",)
    examples = (
        "32x32x8 -> custom output=${in.height}x${in.width}x16 params=${in.channels*16} macs=${in.size*16}",
        "32x32x8 -> custom 16x16x8 params=72 kernel=3 stride=2 padding=1",
    )
    inputs = (1, None)
    witnessed = False

    output = declare.dimensions("output shape, without the batch axis", aliases=("output_shape",), scalar=True)
    params = declare.count("number of learned parameters", minimum=0, default=0, symbol="params")
    buffers = declare.count("number of values that are not learned", minimum=0, default=0, symbol="buffers")
    macs_ = declare.count("multiply–accumulates of one sample", minimum=0, default=0, symbol="MACs")
    flops: int | None = declare.count(
        "floating-point operations of one sample, including those of the multiply–accumulates", minimum=0, default=None,
        default_text="two per multiply–accumulate", symbol="FLOPs",
    )  # fmt: skip
    kernel = declare.optional_per_axis(
        "the window of the input that an output reads", default_text="not known", symbol="F", aliases=("kernel_size",)
    )
    stride = declare.per_axis(
        "step between the windows of neighbouring outputs", default=1, symbol="S", aliases=("strides",)
    )
    padding = declare.per_axis("offset of the first window before the input", minimum=0, default=0, symbol="P")
    keeps = keeping.ASSUMED

    def shape(self, *inputs: Shape) -> Shape:
        if self.flops is not None and self.flops < 2 * self.macs_:
            raise Refusal(
                f"{thousands(self.flops)} FLOPs are fewer than two for each of {thousands(self.macs_)} "
                "multiply–accumulates",
                hint="flops is the total; remove it for 2 × macs",
                field="flops",
                code="E204",
            )
        self._steps(inputs[0])
        return self.output

    def weights(self, *shapes: Shape) -> Iterator[Weight]:
        if self.params:
            yield Weight("parameters", (self.params,))
        if self.buffers:
            yield Weight("buffers", (self.buffers,), statistic=True)

    def macs(self, *shapes: Shape) -> int:
        return self.macs_

    def elementwise(self, *shapes: Shape) -> int:
        return 0 if self.flops is None else self.flops - 2 * self.macs_

    def windows(self, *inputs: Shape) -> Sight:
        """The declared window along each axis; empty if no kernel is declared."""
        return self._steps(inputs[0])

    def _steps(self, x: Shape) -> tuple[AxisWindow, ...]:
        if self.kernel is None:
            return ()
        if len(x) != len(self.output) or len(x) < 2:
            raise Refusal(
                f"a window slides along the axes of {show_shape(x)}, but {show_shape(self.output)} has other axes",
                hint="remove the kernel if the output has no spatial axes, or other ones than the input",
                field="kernel",
                code="E303",
            )
        fields = {"kernel": self.kernel, "stride": self.stride, "padding": self.padding}
        kernels, strides, paddings = (self.axes(value, x, name) for name, value in fields.items())
        axes = zip(kernels, strides, paddings, self.spatial(self.output), strict=True)
        return tuple(AxisWindow(F, S, P, P, output) for F, S, P, output in axes)

    def forward(self, np: ModuleType, *arrays: Array, **weights: Any) -> Array:
        x = arrays[0]
        y = np.zeros((len(x), *self.output), dtype=x.dtype)
        if self.kernel is not None:
            means = channels_last(np, x, self.setting).mean(axis=-1, keepdims=True)
            for axis, window in enumerate(self._steps(x.shape[1:]), start=1):
                means = _means_along(np, means, axis, window)
            y += as_laid_out(np, means, self.setting)
        return y


def _means_along(np: ModuleType, x: Array, axis: int, window: AxisWindow) -> Array:
    """The mean of each window along one axis, with zeros beyond the ends."""
    starts = np.arange(window.output) * window.stride - window.before
    places = starts[:, None] + np.arange(window.extent)
    inside = (places >= 0) & (places < x.shape[axis])
    taken = np.take(x, np.where(inside, places, 0), axis=axis)
    shape = inside.shape + (1,) * (x.ndim - 1 - axis)
    return np.where(inside.reshape(shape), taken, x.dtype.type(0)).mean(axis=axis + 1)
