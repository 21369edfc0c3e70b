"""Pooling, tap by tap or bin by bin: the maximum, the mean or the norm of every window."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, isnan, nan
from types import ModuleType

from cnncalc.kernels.arrays import Array
from cnncalc.kernels.elementwise import by_blocks
from cnncalc.kernels.windows import Slide, padded, taps


def maximum(np: ModuleType, x: Array, slides: list[Slide]) -> Array:
    """The maximum of every window; padding is never the maximum, and NaN always is."""
    return _over_taps(np, np.maximum, padded(np, x, slides, -np.inf), slides)


def total(np: ModuleType, x: Array, slides: list[Slide]) -> Array:
    """The sum of every window, padding counting as zero."""
    return _over_taps(np, np.add, padded(np, x, slides), slides)


def _over_taps(np: ModuleType, combine: Callable[..., object], x: Array, slides: list[Slide]) -> Array:
    """The values of every window of `x` (already padded), combined two by two in the order of the taps."""

    def fill(first: Array, *others: Array, out: Array) -> None:
        np.copyto(out, first)
        for seen in others:
            combine(out, seen, out=out)

    return by_blocks(np, fill, *(seen for _, seen in taps(x, slides)))


def mean(
    np: ModuleType, x: Array, slides: list[Slide], counted: list[tuple[int, int]], *, of_nothing: float = nan
) -> Array:
    """The mean of every window over the counted positions: the input, and `counted` positions around each axis.

    A window without counted positions, because its dilation skips the input or it starts beyond it, gives `of_nothing`.
    """
    sizes = [size + before + after for size, (before, after) in zip(x.shape[1:-1], counted, strict=True)]
    ones = np.ones((1, *sizes, 1), dtype=x.dtype)
    rest = [
        step._replace(before=step.before - before, after=max(0, step.after - after))
        for step, (before, after) in zip(slides, counted, strict=True)
    ]
    counts = total(np, ones, rest)
    with np.errstate(invalid="ignore"):
        means = total(np, x, slides) / counts
    if not isnan(of_nothing):
        np.copyto(means, x.dtype.type(of_nothing), where=counts == 0)
    return means


def norm(np: ModuleType, x: Array, slides: list[Slide], p: float) -> Array:
    """The p-norm of every window, (Σ|x|^p)^(1/p); for an infinite p the largest magnitude."""
    if p == inf:
        return maximum(np, np.abs(x), slides)
    return root(np, total(np, power(np, np.abs(x), p), slides), p)


def signed_norm(np: ModuleType, x: Array, slides: list[Slide], p: float) -> Array:
    """PyTorch's p-norm: the mean of x^p over the values of a window, times the window's size, to the power 1/p.

    Odd powers keep their sign, and the root of a negative sum is NaN, unless p is 1.
    """
    if p == inf:
        return maximum(np, np.abs(x), slides)
    size = 1
    for step in slides:
        size *= step.kernel
    return root(np, mean(np, power(np, x, p), slides, [(0, 0)] * len(slides)) * np.float32(size), p)


def power(np: ModuleType, x: Array, p: float) -> Array:
    """x^p in the type of `x`; a negative number has no fractional power."""
    with np.errstate(invalid="ignore"):
        return np.power(x, x.dtype.type(p))


def root(np: ModuleType, x: Array, p: float) -> Array:
    """x^(1/p) in the type of `x`."""
    return power(np, x, 1 / p)


def bins(size: int, count: int) -> list[tuple[int, int]]:
    """The start and end of each of `count` adaptive bins over an axis of `size`: ⌊i·W/O⌋ and ⌈(i + 1)·W/O⌉."""
    return [(place * size // count, -(-(place + 1) * size // count)) for place in range(count)]


def adaptive(np: ModuleType, x: Array, counts: tuple[int, ...], *, largest: bool) -> Array:
    """The maximum or the mean of every bin, axis by axis, because a bin is a box."""
    for axis, count in enumerate(counts, start=1):
        size = x.shape[axis]
        if count == size:
            continue
        cut = [x[(slice(None),) * axis + (slice(*edges),)] for edges in bins(size, count)]
        parts = [part.max(axis, keepdims=True) if largest else part.mean(axis, keepdims=True) for part in cut]
        x = np.concatenate(parts, axis)
    return x


def fractional(np: ModuleType, x: Array, kernels: tuple[int, ...], counts: tuple[int, ...]) -> Array:
    """The maximum of windows with starts spaced as evenly as possible, axis by axis, because each is a box."""
    for axis, (kernel, count) in enumerate(zip(kernels, counts, strict=True), start=1):
        room = x.shape[axis] - kernel
        starts = np.array([place * room // (count - 1) for place in range(count - 1)] + [room])
        seen = [np.take(x, starts + tap, axis) for tap in range(kernel)]
        x = np.max(np.stack(seen), axis=0)
    return x
