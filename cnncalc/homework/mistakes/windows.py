"""Mistakes in the size of a window's output: padding, stride, rounding, dilation, transposed convolution."""

from __future__ import annotations

from cnncalc.homework.hand import WindowAxis, Worksheet
from cnncalc.homework.mistakes.catalogue import miscalculated


def _slides(worked: Worksheet) -> bool:
    """Whether a window slides over the input, so that the convolution formula applies."""
    return bool(worked.axes) and worked.axes[0].rule not in ("transposed", "padded")


def _spelt(axis: WindowAxis) -> WindowAxis:
    """The axis with the convolution formula instead of its own rule."""
    return axis._replace(rule="floor") if axis.rule == "same" else axis


def _over(worked: Worksheet, **changed: object) -> Worksheet | None:
    """A copy with changed axes for a window that slides over the input; None for other layers."""
    return worked.along(lambda axis: axis._replace(**changed)) if _slides(worked) else None  # type: ignore[arg-type]


@miscalculated("padding forgotten", "O = (W − F)/S + 1", likely=1)
def padding_forgotten(worked: Worksheet) -> Worksheet | None:
    """The padding adds {pads} to each axis before the window slides: W + 2P, not W."""
    return worked.along(lambda axis: _spelt(axis)._replace(before=0, after=0)) if worked.axes else None


@miscalculated("padding counted once", "O = (W − F + P)/S + 1", likely=2)
def padding_counted_once(worked: Worksheet) -> Worksheet | None:
    """Padding {P} is added on both sides of an axis, so it counts twice: 2P."""
    if any(axis.rule == "same" for axis in worked.axes):
        return None
    return worked.along(lambda axis: axis._replace(after=0)) if worked.axes else None


@miscalculated("padding counted four times", "O = (W − F + 4P)/S + 1", likely=7)
def padding_counted_twice(worked: Worksheet) -> Worksheet | None:
    """2P is already the padding {P} on both sides of an axis; the other axis has its own padding."""
    if any(axis.rule == "same" for axis in worked.axes):
        return None
    return worked.along(lambda axis: axis._replace(before=2 * axis.before, after=2 * axis.after))


@miscalculated("stride ignored", "O = W − F + 2P + 1", likely=1)
def stride_ignored(worked: Worksheet) -> Worksheet | None:
    """The window moves by {S}, so only one position in {S} gives an output: divide by the stride."""
    return worked.along(lambda axis: axis._replace(stride=1)) if worked.axes else None


@miscalculated("the + 1 forgotten", "O = (W − F + 2P)/S", likely=1)
def plus_one_forgotten(worked: Worksheet) -> Worksheet | None:
    """The quotient counts the steps; the number of window positions is one more, hence + 1."""
    return worked.along(lambda axis: _spelt(axis)._replace(ends=0)) if _slides(worked) else None


@miscalculated("kernel added instead of subtracted", "O = (W + F + 2P)/S + 1", likely=6)
def kernel_added(worked: Worksheet) -> Worksheet | None:
    """The window covers {extent} of the input, which leaves less room to move, not more."""
    return worked.along(lambda axis: _spelt(axis)._replace(sign=1)) if _slides(worked) else None


@miscalculated("rounded up instead of down", "O = ⌈(W − F + 2P)/S⌉ + 1", likely=3)
def ceiling_for_floor(worked: Worksheet) -> Worksheet | None:
    """A window that does not fit completely gives no output: the remainder of the division is dropped."""

    def change(axis: WindowAxis) -> WindowAxis:
        room = axis.size - axis.extent + axis.before + axis.after
        up = axis.rule in ("floor", "exact") and room > 0 and room % axis.stride
        return axis._replace(rule="floor", ends=2) if up else axis

    return worked.along(change) if worked.axes else None


@miscalculated("rounded down instead of up", "O = ⌊(W − F + 2P)/S⌋ + 1", likely=3)
def floor_for_ceiling(worked: Worksheet) -> Worksheet | None:
    """This layer rounds up: a last window that extends beyond the edge still counts."""
    return worked.along(lambda axis: axis._replace(rule="floor") if axis.rule in ("ceil", "caffe") else axis)


@miscalculated("every term divided and rounded", "O = ⌊W/S⌋ − ⌊(F − 2P)/S⌋ + 1", likely=7)
def rounded_term_by_term(worked: Worksheet) -> Worksheet | None:
    """Add first, then divide by the stride {S}, then round: rounding each term separately loses their remainders."""
    return _over(worked, rule="term by term") if all(axis.rule == "floor" for axis in worked.axes) else None


@miscalculated("SAME taken for VALID", "O = ⌈W/S⌉", likely=3)
def same_for_valid(worked: Worksheet) -> Worksheet | None:
    """Without padding, the window cannot be centered on the border, so the output is smaller than the input over S."""
    plain = all(axis.before == axis.after == 0 for axis in worked.axes)
    return _over(worked, rule="same") if plain else None


@miscalculated("SAME taken for the given padding", "O = ⌈W/S⌉", likely=5)
def same_for_padding(worked: Worksheet) -> Worksheet | None:
    """Here, the padding is {P}. It keeps the size only if it is (F − 1)/2, and only before dividing by the stride."""
    padded = any(axis.before or axis.after for axis in worked.axes)
    return _over(worked, rule="same") if padded else None


@miscalculated("VALID taken for SAME", "O = ⌈(W − F + 1)/S⌉", likely=3)
def valid_for_same(worked: Worksheet) -> Worksheet | None:
    """SAME pads so that the output is ⌈W/S⌉, whatever the kernel."""
    if not any(axis.rule == "same" for axis in worked.axes):
        return None
    return worked.along(lambda axis: axis._replace(rule="floor", before=0, after=0))


@miscalculated("SAME pads by half the kernel", "O = ⌊(W − F + 2⌊F/2⌋)/S⌋ + 1", likely=6)
def half_for_same(worked: Worksheet) -> Worksheet | None:
    """SAME is ⌈W/S⌉; with an even kernel, or a stride, padding by ⌊F/2⌋ on both sides gives a different size."""

    def change(axis: WindowAxis) -> WindowAxis:
        half = axis.extent // 2
        return axis._replace(rule="floor", before=half, after=half) if axis.rule == "same" else axis

    return worked.along(change)


@miscalculated("dilation ignored", "O = (W − F + 2P)/S + 1", likely=2)
def dilation_ignored(worked: Worksheet) -> Worksheet | None:
    """Dilation {D} spreads the kernel's taps: it covers D·(F − 1) + 1 = {extent} of the input."""
    return worked.along(lambda axis: axis._replace(dilation=1, extent=axis.kernel)) if worked.axes else None


@miscalculated("dilated kernel one too long", "F′ = D·F", likely=4)
def dilated_kernel_too_long(worked: Worksheet) -> Worksheet | None:
    """There are F − 1 gaps between F taps: the kernel covers D·(F − 1) + 1 = {extent}, not D·F."""
    return worked.along(lambda axis: axis._replace(extent=axis.dilation * axis.kernel)) if worked.axes else None


@miscalculated("dilated kernel one too short", "F′ = D·(F − 1)", likely=5)
def dilated_kernel_too_short(worked: Worksheet) -> Worksheet | None:
    """The last tap counts as well: the kernel covers D·(F − 1) + 1 = {extent}."""
    if all(axis.dilation == 1 for axis in worked.axes):
        return None
    return worked.along(lambda axis: axis._replace(extent=axis.dilation * (axis.kernel - 1)))


@miscalculated("dilation counted as inserted zeros", "F′ = F + (F − 1)·D", likely=6)
def dilation_as_zeros(worked: Worksheet) -> Worksheet | None:
    """Dilation {D} is the distance between taps, with D − 1 zeros in between, so F′ = F + (F − 1)(D − 1)."""
    return worked.along(lambda axis: axis._replace(extent=axis.kernel + (axis.kernel - 1) * axis.dilation)
                        if axis.dilation > 1 else axis)  # fmt: skip


@miscalculated("pooling moved by one", "O = W − F + 1", likely=4)
def pooling_without_stride(worked: Worksheet) -> Worksheet | None:
    """The default stride of a pool is its kernel, {F}: the windows do not overlap."""
    if worked.layer.family != "pooling" or getattr(worked.layer, "stride", 1) is not None:
        return None
    return worked.along(lambda axis: axis._replace(stride=1))


@miscalculated("pool left out", "O = W", likely=3)
def pool_left_out(worked: Worksheet) -> Worksheet | None:
    """The pool reduces its input: it moves by {S}."""
    if worked.layer.family != "pooling" or not worked.axes:
        return None
    return worked.but(axes=tuple(WindowAxis(axis.size, 1, 1, 1, 0, 0, 1, "floor") for axis in worked.axes))


@miscalculated("output padding ignored", "O = (W − 1)·S − 2P + F", likely=2)
def output_padding_ignored(worked: Worksheet) -> Worksheet | None:
    """The output padding {A} is added at the end: it selects one of the sizes that the stride does not distinguish."""
    return worked.along(lambda axis: axis._replace(added=0)) if worked.axes else None


@miscalculated("convolution's formula for a transposed one", "O = (W − F + 2P)/S + 1", likely=2)
def convolution_for_transposed(worked: Worksheet) -> Worksheet | None:
    """A transposed convolution enlarges its input: O = (W − 1)·S − 2P + F, the formula solved for W."""
    if not worked.axes or worked.axes[0].rule != "transposed":
        return None
    return worked.along(lambda axis: axis._replace(rule="floor", added=0))


@miscalculated("transposed convolution's formula for a plain one", "O = (W − 1)·S − 2P + F", likely=7)
def transposed_for_convolution(worked: Worksheet) -> Worksheet | None:
    """This layer slides over its input: O = (W − F + 2P)/S + 1. The other formula is its inverse."""
    return _over(worked, rule="transposed")


@miscalculated("transposed convolution as input times stride", "O = W·S", likely=4)
def transposed_times_stride(worked: Worksheet) -> Worksheet | None:
    """The last input adds a whole kernel, not a stride: O = (W − 1)·S + F − 2P."""
    if not worked.axes or worked.axes[0].rule != "transposed":
        return None
    return worked.along(lambda axis: axis._replace(extent=axis.stride, before=0, after=0, added=0))


@miscalculated("height and width swapped", "H ↔ W", likely=3)
def height_and_width_swapped(worked: Worksheet) -> Worksheet | None:
    """Here, shapes list the height before the width: rows come first, as in a matrix."""
    if len(worked.axes) != 2:
        return None
    first, second = worked.axes
    return worked.but(axes=(first._replace(size=second.size), second._replace(size=first.size)))
