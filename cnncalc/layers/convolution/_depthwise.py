"""The base of convolutions that process each channel separately."""

from __future__ import annotations

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.kernels.arrays import require
from cnncalc.kernels.windows import Side
from cnncalc.layers import declare
from cnncalc.layers.base import Array
from cnncalc.layers.convolution._bordered import BorderedConvolution


class DepthwiseWindows(BorderedConvolution):
    """The window of a depthwise convolution, with the limits of Keras and TensorFlow."""

    multiplier = declare.count(
        "number of outputs of the depthwise kernel per input channel", default=1, symbol="m", short="m",
        aliases=("depth_multiplier",),
    )  # fmt: skip

    def takes_stride_with_dilation(self) -> bool:
        return self.setting.convention.depthwise_stride_with_dilation

    def new_windows(self, x: Shape) -> tuple[AxisWindow, ...]:
        windows = super().new_windows(x)
        if len(windows) == 3:
            self._refuse_in_keras("accepts one or two spatial axes, got three", "kernel", "use conv with groups")
        return windows

    def paddings(self, x: Shape) -> tuple[Side, ...]:
        if self.padding == "causal":
            self._refuse_in_keras('has no padding "causal"', "padding", "add a zero_pad before it")
        return super().paddings(x)

    def _refuse_in_keras(self, what: str, field: str, hint: str) -> None:
        if self.setting.convention.name in ("keras", "tensorflow"):
            name = self.type.replace("_conv", " convolution")
            raise Refusal(
                f"{self.setting.convention.title}'s {name} {what}",
                hint=hint,
                field=field,
                code="E304",
            )


def grouped_kernel(kernel: Array, x: Array) -> Array:
    """The kernel of the equivalent grouped convolution, with one group per channel: (*kernel, 1, channels × m)."""
    *sizes, multiplier = kernel.shape
    require("kernel", kernel, (*sizes[:-1], x.shape[-1], multiplier))
    return kernel.reshape(*sizes[:-1], 1, x.shape[-1] * multiplier)
