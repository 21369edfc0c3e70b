"""The base of `unfold` and `fold`: windows laid out side by side."""

from __future__ import annotations

from cnncalc.arithmetic import window
from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.kernels.windows import Slide, slide
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Layer
from cnncalc.layers.declare import PerAxis


class Patches(Layer):
    """Windows, and columns with the values of one window each, channel by channel."""

    family = "reshaping"

    kernel = declare.per_axis("size of the window", positional=True, symbol="F", short="k", aliases=("kernel_size",))
    stride = declare.per_axis("step of the window", default=1, symbol="S", short="s", aliases=("strides",))
    padding = declare.per_axis(
        "zeros around the input, on both sides of an axis", minimum=0, default=0, symbol="P", short="p",
        aliases=("pad", "pads"),
    )  # fmt: skip
    dilation = declare.per_axis(
        "distance between the window's taps", default=1, symbol="D", short="d", aliases=("dilation_rate", "dilations")
    )
    keeps = keeping.NOTHING

    def along(self, value: PerAxis, rank: int, field: str) -> tuple[int, ...]:
        """A field along each of `rank` axes."""
        return self.axes(value, (1,) * (rank + 1), field)

    def slides_over(self, sizes: Shape) -> tuple[AxisWindow, ...]:
        """The window along each axis of an image of `sizes`. Raises Refusal if no window fits."""
        rank = len(sizes)
        if rank != 2 and self.setting.convention.name == "pytorch":
            raise Refusal(
                f"PyTorch's {self.type} needs 2 spatial axes, not {rank}", hint="choose convention formula",
                code="E303",
            )  # fmt: skip
        axes = zip(sizes, *self._fields(rank), strict=True)
        return tuple(window.explicit(W, window.dilated(F, D), S, P, P, "floor") for W, F, S, P, D in axes)

    def walks(self, sizes: Shape) -> list[Slide]:
        """Like `slides_over`, for real arrays: counts the windows instead of computing their number."""
        axes = zip(sizes, *self._fields(len(sizes)), strict=True)
        return [slide(W, F, S, D, P) for W, F, S, P, D in axes]

    def _fields(self, rank: int) -> list[tuple[int, ...]]:
        """Kernel, stride, padding and dilation along each axis."""
        return [self.along(getattr(self, name), rank, name) for name in ("kernel", "stride", "padding", "dilation")]
