"""The starts of windows, the padding that they need, and views of their values."""

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from types import ModuleType
from typing import NamedTuple

from cnncalc.kernels.arrays import Array

_MOST_PADDED = 2**27
"""The maximum number of values of a padded array, unless the array itself has a sixteenth of it."""

Side = str | int | tuple[int, int]
"""The padding of one axis: a word, a number for both sides, or (before, after)."""


BORDERS: Mapping[str, str] = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}
"""NumPy's name of each padding mode except zeros."""


class Slide(NamedTuple):
    """The walk of a window along one axis: the number of its starts (from `-before` on), its taps, its padding."""

    starts: int
    stride: int
    dilation: int
    kernel: int
    before: int
    after: int


def slide(size: int, kernel: int, stride: int, dilation: int, side: Side, rounding: str = "floor") -> Slide:
    """Walk a window along an axis of `size`, step by step, until the padded input is covered.

    Under `floor` and `exact` a last window that would reach past the padding is dropped; under `ceil` it is kept unless
    it starts after the input or reaches past the padding by a stride or more; `caffe` always keeps it if there is no
    padding. Raises ValueError if no window fits.
    """
    extent = dilation * (kernel - 1) + 1
    if isinstance(side, str) and side.startswith("same"):
        last = range(0, size, stride)[-1]
        total = max(last + extent - size, 0)
        before = total - total // 2 if side == "same_lower" else total // 2
        return Slide(last // stride + 1, stride, dilation, kernel, before, total - before)
    before, after = explicit_sides(side, extent)
    beyond = extent - (before + size + after)
    if beyond > 0 and not (rounding == "ceil" and beyond < stride):
        raise ValueError(f"a window of {extent} does not fit into {before} + {size} + {after}")
    places = [-before]
    while places[-1] + extent < size + after:
        places.append(places[-1] + stride)
    if rounding in ("floor", "exact"):
        if places[-1] + extent > size + after:
            places.pop()
    elif places[-1] >= size and (rounding == "ceil" or before + after > 0):
        places.pop()
    return Slide(len(places), stride, dilation, kernel, before, max(places[-1] + extent - size, 0))


def explicit_sides(side: Side, extent: int) -> tuple[int, int]:
    """The requested padding before and after an axis; for a window that spans `extent`, and any word except SAME."""
    if isinstance(side, str):
        words = {
            "valid": (0, 0),
            "half": (extent // 2, extent // 2),
            "full": (extent - 1, extent - 1),
            "causal": (extent - 1, 0),
        }
        return words[side]
    return side if isinstance(side, tuple) else (side, side)


def _check_size(x: Array, sides: list[tuple[int, int]]) -> None:
    """Raise MemoryError for an array with far more padding than any output needs, before NumPy starts to fill it."""
    sizes = [size + before + after for size, (before, after) in zip(x.shape[1:], sides, strict=False)]
    if prod(sizes) * len(x) > max(_MOST_PADDED, 16 * x.size):
        raise MemoryError(f"an array of {'x'.join(map(str, sizes))} with its padding")


def pad(np: ModuleType, x: Array, sides: list[tuple[int, int]], value: float = 0.0) -> Array:
    """`x` with `value` around its spatial axes; `x` itself if there is no padding."""
    if not any(before or after for before, after in sides):
        return x
    _check_size(x, sides)
    axes = list(zip(x.shape[1:-1], sides, strict=True))
    shape = (len(x), *(before + size + after for size, (before, after) in axes), x.shape[-1])
    y = np.empty(shape, x.dtype)
    for axis, (size, (before, _)) in enumerate(axes, start=1):
        earlier = (slice(None),) * axis
        y[(*earlier, slice(before))] = y[(*earlier, slice(before + size, None))] = value
    y[(slice(None), *(slice(before, before + size) for size, (before, _) in axes))] = x
    return y


def padded(np: ModuleType, x: Array, slides: list[Slide], value: float = 0.0) -> Array:
    """`x` with the padding that the slides need."""
    return pad(np, x, [(step.before, step.after) for step in slides], value)


def bordered(np: ModuleType, x: Array, slides: list[Slide], mode: str) -> tuple[Array, list[Slide]]:
    """`x` and the slides; in a mode other than zeros, `x` with that padding and the same slides without any."""
    if mode == "zeros":
        return x, slides
    sides = [(step.before, step.after) for step in slides]
    _check_size(x, sides)
    x = np.pad(x, [(0, 0), *sides, (0, 0)], mode=BORDERS[mode])
    return x, [step._replace(before=0, after=0) for step in slides]


def source(place: int, size: int, mode: str) -> int | None:
    """The position of an axis of `size` whose value is at `place`, which may be in the padding; None for a zero.

    The padding is that of `bordered`: `reflect` reflects at the first and last position, `replicate` repeats them,
    `circular` continues at the other end.
    """
    if 0 <= place < size:
        return place
    if mode == "reflect":
        return 2 * (size - 1) - place if place >= size else -place
    if mode == "replicate":
        return size - 1 if place >= size else 0
    return place % size if mode == "circular" else None


def taps(x: Array, slides: list[Slide]) -> Iterator[tuple[tuple[int, ...], Array]]:
    """For each tap of the kernel, its index and a view of its values in every window: (batch, *starts, channels)."""
    for tap in product(*(range(step.kernel) for step in slides)):
        yield tap, x[(slice(None), *(_seen(index, step) for index, step in zip(tap, slides, strict=True)))]


def _seen(tap: int, step: Slide) -> slice:
    first = tap * step.dilation
    return slice(first, first + (step.starts - 1) * step.stride + 1, step.stride)


def windows(np: ModuleType, x: Array, slides: list[Slide]) -> Array:
    """A strided view of every window: (batch, *starts, *kernel, channels); nothing is copied."""
    batch, *sizes, channels = x.strides
    strides = [size * step.stride for size, step in zip(sizes, slides, strict=True)]
    steps = [size * step.dilation for size, step in zip(sizes, slides, strict=True)]
    shape = (len(x), *(step.starts for step in slides), *(step.kernel for step in slides), x.shape[-1])
    return np.lib.stride_tricks.as_strided(x, shape, (batch, *strides, *steps, channels), writeable=False)


def stripes(np: ModuleType, x: Array, slides: list[Slide], columns: int) -> Iterator[tuple[slice, Array]]:
    """The windows of a contiguous `x` in stripes of the last axis: the stripe's starts, and a view of their values.

    At stride 1 a stripe has up to `columns` starts, and its view is (batch, *other starts, 1, *kernel,
    starts·channels), because the values of a tap are adjacent in memory; otherwise the one stripe is all `windows`.
    """
    view, starts = windows(np, x, slides), slides[-1].starts
    if slides[-1].stride != 1:
        yield slice(None), view
        return
    axis = len(slides)
    for start in range(0, starts, max(1, columns)):
        end = min(start + max(1, columns), starts)
        first = view[(slice(None),) * axis + (slice(start, start + 1),)]
        shape = (*first.shape[:-1], (end - start) * x.shape[-1])
        yield slice(start, end), np.lib.stride_tricks.as_strided(first, shape, first.strides, writeable=False)
