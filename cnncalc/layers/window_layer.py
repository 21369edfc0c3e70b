"""The base of convolutions and pools: a window that slides over the spatial axes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, ClassVar

from cnncalc.arithmetic import window
from cnncalc.arithmetic.convention import Setting, Shape
from cnncalc.arithmetic.taps import AxisTaps, sliding
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.kernels.windows import Slide, slide
from cnncalc.layers.base import Array, Layer, Reach
from cnncalc.layers.declare import PaddingValue, PerAxis
from cnncalc.layers.worked_output import Place

SidePadding = int | tuple[int, int]
"""A number for both sides of an axis, or (before, after)."""


class WindowsAndTaps:
    """The windows on one set of spatial sizes, and their taps once they have been asked for."""

    __slots__ = ("taps", "windows")

    def __init__(self, windows: tuple[AxisWindow, ...]) -> None:
        self.windows = windows
        self.taps: tuple[AxisTaps, ...] | None = None


Seen = dict[Shape, WindowsAndTaps]
"""By the sizes of the spatial axes."""

_PLAIN = frozenset({int})
_MOST_SEEN = 100
"""The number of sizes for which windows are kept; after that, all are dropped."""


class WindowLayer(Layer):
    """A layer with `kernel`, `stride`, `padding`, `dilation` and `rounding`, one window per spatial axis."""

    kernel: PerAxis
    padding: PaddingValue
    spatial_suffix = True
    slides_over_input: ClassVar[bool] = True
    """Whether the window moves on the input; that of a transposed convolution moves on the output."""

    beside_windows: ClassVar[frozenset[str]] = frozenset()
    """The fields on which neither the windows depend nor their checks: a convolution's filters."""

    seen: Seen
    """The windows and taps on plain sizes so far, kept for all layers that differ only in the fields beside them."""

    def __init__(self, setting: Setting, **values: Any) -> None:
        super().__init__(setting, **values)
        self.seen = {}

    def strides(self, x: Shape) -> tuple[int, ...]:
        """The stride along each spatial axis."""
        raise NotImplementedError

    def dilations(self, x: Shape) -> tuple[int, ...]:
        """The dilation along each spatial axis."""
        return (1,) * (len(x) - 1)

    def rounding_rule(self) -> str:
        """The rounding of a fractional output size."""
        return "floor"

    def kernels(self, x: Shape) -> tuple[int, ...]:
        """The kernel along each spatial axis."""
        return self.axes(self.kernel, x, "kernel")

    def windows(self, x: Shape) -> tuple[AxisWindow, ...]:
        """One window per spatial axis of `x`; axes that agree in all numbers have the same object."""
        known = self._known(x)
        return self.new_windows(x) if known is None else known.windows

    def reach(self, x: Shape) -> Reach:
        """The taps of each window, spaced by the dilation."""
        known = self._known(x)
        if known is None:
            return self._taps(x, self.new_windows(x))
        if known.taps is None:
            known.taps = self._taps(x, known.windows)
        return known.taps

    def _known(self, x: Shape) -> WindowsAndTaps | None:
        """Windows and taps, shared by all layers that have them; None for sizes with names or letters."""
        spatial = self.spatial(x)
        if not _PLAIN.issuperset(map(type, spatial)):
            return None
        known = self.seen.get(spatial)
        if known is None:
            if len(self.seen) == _MOST_SEEN:
                self.seen.clear()
            known = self.seen[spatial] = WindowsAndTaps(self.new_windows(x))
        return known

    def new_windows(self, x: Shape) -> tuple[AxisWindow, ...]:
        """The windows, computed anew; subclasses add their checks."""
        self.require_spatial(x)
        sides = self.paddings(x)
        axes = list(zip(self.spatial(x), self.kernels(x), self.strides(x), self.dilations(x), sides, strict=True))
        if all(type(axis[0]) is int for axis in axes) and axes[1:] == axes[:-1]:  # not sizes with names, or letters
            windows = (self._window(*axes[0]),) * len(axes)
        else:
            windows = tuple([self._window(*axis) for axis in axes])
        return windows

    def _taps(self, x: Shape, windows: tuple[AxisWindow, ...]) -> tuple[AxisTaps, ...]:
        border = self.border()
        axes = list(zip(windows, self.dilations(x)[: len(windows)], strict=True))
        if windows[0] is windows[-1] and axes[1:] == axes[:-1]:
            return (sliding(*axes[0], border=border),) * len(axes)
        return tuple([sliding(*axis, border=border) for axis in axes])

    def paddings(self, x: Shape) -> tuple[str | int | tuple[int, int], ...]:
        """The padding of each spatial axis: a word, a number for both sides, or (before, after)."""
        rank = len(x) - 1
        if self.padding == "causal":
            self._check_causal(rank)
        if not isinstance(self.padding, tuple):
            return (self.padding,) * rank
        sides = self._listed(self.padding, rank)
        if len(sides) != rank:
            pair = sides if len(sides) == 2 and rank == 1 else None
            hint = f"for (before, after) write [[{pair[0]}, {pair[1]}]]" if pair else f"give one value, or {rank}"
            raise Refusal(
                f"{len(sides)} values for an input with {rank} spatial {'axis' if rank == 1 else 'axes'}",
                hint=hint,
                field="padding",
                code="E303",
            )
        return sides

    def _listed(self, sides: tuple[SidePadding, ...], rank: int) -> tuple[SidePadding, ...]:
        """One entry per axis, from lists in the form of ONNX and TensorFlow as well.

        ONNX lists the amounts before all axes and then those after; TensorFlow's list has [0, 0] for batch and
        channels.
        """
        framework = self.setting.convention.name
        flat = [side for side in sides if not isinstance(side, tuple)]
        if framework == "onnx" and len(flat) == len(sides) == 2 * rank:
            return tuple(zip(flat[:rank], flat[rank:], strict=True))
        if framework == "tensorflow" and len(sides) == rank + 2:
            first = 1 if self.setting.layout == "HWC" else 2
            around = (*sides[:first], *sides[first + rank :])
            return sides[first : first + rank] if all(side == (0, 0) for side in around) else sides
        return sides

    def traced(self, rank: int) -> Layer:
        values = self.values()
        lists = {name: value for name, value in values.items() if isinstance(value, tuple)}
        if not lists:
            return super().traced(rank)
        values |= {name: self.setting.inner_axes(value, rank) for name, value in lists.items()}
        if isinstance(self.padding, tuple):
            values["padding"] = self._listed(self.padding, rank)
        return Layer.traced(self.under(self.setting, **values), rank)

    def _check_causal(self, rank: int) -> None:
        if rank != 1:
            raise Refusal(
                f'padding "causal" is for sequences, with 1 spatial axis; the input has {rank}',
                hint="write [before, after] for each axis",
                field="padding",
                code="E304",
            )

    def source(self, place: int, size: int) -> int | None:
        """The position of an axis of `size` whose value a window reads at `place`; None for a zero of the padding."""
        return place if 0 <= place < size else None

    def taps(self, position: Place, x: Shape) -> Iterator[tuple[Place, Place | None]]:
        """The taps of the window at an output position: the index of each, and its place in `x`, None for a zero."""
        axes = list(zip(position, self.spatial(x), self.windows(x), self.dilations(x), strict=True))
        for tap in product(*map(range, self.kernels(x))):
            places = [
                self.source(out * step.stride - step.before + index * D, W)
                for index, (out, W, step, D) in zip(tap, axes, strict=True)
            ]
            found = tuple(place for place in places if place is not None)
            yield tap, found if len(found) == len(places) else None

    def slides(self, x: Array) -> list[Slide]:
        """The walk of the window over a real array, channels last: for the forward pass, without the size rule."""
        like = tuple(x.shape[1:])
        return [
            slide(size, kernel, stride, dilation, side, self.rounding_rule())
            for size, kernel, stride, dilation, side in zip(
                like[:-1],
                self.kernels(like),
                self.strides(like),
                self.dilations(like),
                self.paddings(like),
                strict=True,
            )
        ]

    def _window(self, W: int, F: int, S: int, D: int, side: str | int | tuple[int, int]) -> AxisWindow:
        extent = window.dilated(F, D)
        if not isinstance(side, str):
            before, after = side if isinstance(side, tuple) else (side, side)
            return window.explicit(W, extent, S, before, after, self.rounding_rule())
        if side in ("same", "same_upper", "same_lower"):
            self._check_same(S, D)
            return window.same(W, extent, S, lower=side == "same_lower")
        tensorflow = self.setting.convention.name in ("keras", "tensorflow")
        if side == "valid" and tensorflow and self.rounding_rule() == "floor":
            return window.tensorflow_valid(W, extent, S)
        if side == "causal":
            return window.causal(W, extent, S, self.rounding_rule())
        amount = {"valid": 0, "half": extent // 2, "full": extent - 1}[side]
        return window.explicit(W, extent, S, amount, amount, self.rounding_rule())

    def _check_same(self, S: int, D: int) -> None:
        """Reject SAME if the convention's framework does."""
        if self.setting.convention.same_needs_unit_dilation and D != 1:
            raise Refusal(
                f'ONNX Runtime accepts padding "same" only with dilation 1, got dilation {D}',
                hint="write the padding as numbers",
                field="padding",
                code="E304",
            )
        if self.setting.convention.same_needs_unit_stride and S != 1:
            raise Refusal(
                f'PyTorch\'s padding "same" exists only for stride 1, got stride {S}',
                hint='write the padding as numbers ("half" pads by F//2)',
                field="padding",
                code="E304",
            )


def refuse_strided_dilation(layer: WindowLayer, x: Shape) -> None:
    """Reject a stride above 1 together with a dilation above 1, for conventions that do not have both."""
    if max(layer.strides(x), default=1) > 1 and max(layer.dilations(x), default=1) > 1:
        raise Refusal(
            f"{layer.setting.convention.title} rejects a stride above 1 together with a dilation above 1",
            hint="set one of them to 1, or choose another convention",
            field="dilation",
            code="E304",
        )
