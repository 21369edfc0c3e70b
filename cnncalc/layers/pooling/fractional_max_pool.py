from __future__ import annotations

from math import prod
from types import ModuleType
from typing import Any, ClassVar

from cnncalc.arithmetic import taps
from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.kernels import pooling
from cnncalc.kernels.arrays import as_laid_out, channels_last
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Reach, Sight
from cnncalc.layers.declare import Field
from cnncalc.layers.keeping import Keeps

RatioValue = float | tuple[float, ...]


def ratios(help: str, *, aliases: tuple[str, ...]) -> RatioValue | None:
    """A fraction between 0 and 1 of every axis, or a list with one for each; None if not given."""

    def parse(value: Any) -> RatioValue:
        return tuple(map(share, value)) if isinstance(value, list) and value else share(value)

    def share(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1:
            raise Refusal(f"got {value}, but a number between 0 and 1 is needed", code="E204")
        return float(value)

    number = {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}
    listed = {"type": "array", "items": number, "minItems": 1}
    return Field(help, parse, {"anyOf": [number, listed]}, default=None, aliases=aliases)  # type: ignore[return-value]


class FractionalMaxPool(Layer):
    """Fractional max pooling: the maximum of windows whose steps have two sizes, so that O need not divide W.

    Frameworks draw the steps at random; the forward pass uses the most even ones, as PyTorch does with random samples
    of 0: window i starts at ⌊i·(W − F)/(O − 1)⌋, the last at W − F. PyTorch has it for two axes, and for three axes
    with at most W − F outputs, one fewer. FLOPs: the ΠF − 1 comparisons of each output.
    """

    type = "fractional_max_pool"
    without_effect: ClassVar[tuple[str, ...]] = ("_random_samples",)
    aliases = ("FractionalMaxPooling",)
    family = "pooling"
    rule = "fractional max pooling: O is given, or ⌊W·ratio⌋, at most W − F + 1; depth unchanged"
    sources = ("Graham, Fractional Max-Pooling, arXiv 1412.6071", "PyTorch, torch.nn.FractionalMaxPool2d")
    examples = ("13x11x8 -> fractional_max_pool 2 7x5", "32x32x64 -> fractional_max_pool 2 ratio=0.7")
    spatial_suffix = True

    kernel = declare.per_axis("size of the window", positional=True, symbol="F", short="k", aliases=("kernel_size",))
    size = declare.optional_per_axis(
        "the output's size along each axis", positional=True, symbol="O", aliases=("output_size",),
        default_text="from the ratio",
    )  # fmt: skip
    ratio = ratios("output size as a fraction of the input, rounded down", aliases=("output_ratio",))

    def counts(self, x: Shape) -> tuple[int, ...]:
        """The output's size along each spatial axis of `x`."""
        if (self.size is None) == (self.ratio is None):
            raise Refusal(
                "an output size and a ratio are given" if self.ratio else "neither an output size nor a ratio is given",
                hint="give one of them",
                field="size",
                code="E205",
            )
        if self.size is not None:
            return self.axes(self.size, x, "size")
        shares: tuple[float, ...] = self.axes(self.ratio, x, "ratio")  # type: ignore[arg-type]
        return tuple(int(int(W) * share) for W, share in zip(self.spatial(x), shares, strict=True))

    def kernels(self, x: Shape) -> tuple[int, ...]:
        """The window along each spatial axis."""
        return self.axes(self.kernel, x, "kernel")

    def shape(self, x: Shape) -> Shape:
        self.require_spatial(x)
        if self.setting.convention.name == "pytorch" and len(x) == 2:
            raise Refusal(
                "PyTorch's fractional max pools need two or three spatial axes, got 1",
                hint="choose another convention",
                code="E303",
            )
        strict = self.setting.convention.name == "pytorch" and len(x) == 4
        for W, F, count in zip(self.spatial(x), self.kernels(x), self.counts(x), strict=True):
            most = int(W - F) + (0 if strict else 1)
            if not 1 <= count <= most:
                raise self._too_many(int(W), int(F), int(count), most)
        return self.volume(self.counts(x), self.channels(x))

    def _too_many(self, W: int, F: int, count: int, most: int) -> Refusal:
        if count < 1:
            return Refusal(
                f"an output of 0: the ratio of {W} is rounded down", hint="use a larger ratio", field="ratio"
            )
        blamed = "kernel" if most < 1 else "size" if self.ratio is None else "ratio"
        limit = (
            f"PyTorch's FractionalMaxPool3d takes at most W − F = {most}" if most == W - F else f"at most {most} can"
        )
        return Refusal(
            f"{count} windows of {F} cannot start at different positions of {W}: {limit}",
            hint="change the output size, the ratio or the kernel",
            field=blamed,
        )

    def elementwise(self, x: Shape, y: Shape) -> int:
        """ΠF − 1 comparisons per output."""
        return prod(y) * (prod(self.kernels(x)) - 1)

    def kept(self, x: Shape, y: Shape) -> Keeps:
        return Keeps("all", arrays=(keeping.indices(prod(y)),))

    def windows(self, x: Shape) -> Sight:
        """Undefined: the steps differ."""
        return ()

    def reach(self, x: Shape) -> Reach:
        """The windows of the forward pass, spaced as evenly as possible."""
        axes = zip(self.spatial(x), self.kernels(x), self.counts(x), strict=True)
        return taps.patterns(taps.spaced(F, W - F, count) if count > 1 else taps.last(W, F) for W, F, count in axes)

    def remarks(self, x: Shape, y: Shape) -> tuple[str, ...]:
        return ("Frameworks draw the starts of the windows at random; here they are spaced as evenly as possible.",)

    def forward(self, np: ModuleType, x: Array) -> Array:
        last = channels_last(np, x, self.setting)
        like = tuple(x.shape[1:])
        return as_laid_out(np, pooling.fractional(np, last, self.kernels(like), self.counts(like)), self.setting)
