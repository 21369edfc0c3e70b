"""Pooling, tap by tap: the maximum or the mean of every window."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from cnncalc.kernels.windows import Slide, padded, taps

Array = Any


def maximum(np: ModuleType, x: Array, slides: list[Slide]) -> Array:
    """The largest value of every window; padding never wins, and not-a-number always does."""
    best = None
    for _, seen in taps(padded(np, x, slides, -np.inf), slides):
        best = seen.copy() if best is None else np.maximum(best, seen, out=best)
    return best


def total(np: ModuleType, x: Array, slides: list[Slide]) -> Array:
    """The sum of every window, padding counting as zero."""
    result = None
    for _, seen in taps(padded(np, x, slides), slides):
        if result is None:
            result = seen.copy()
        else:
            result += seen
    return result


def mean(np: ModuleType, x: Array, slides: list[Slide], counted: list[tuple[int, int]]) -> Array:
    """The mean of every window over the positions that count: the input, and `counted` positions around each axis."""
    sizes = [size + before + after for size, (before, after) in zip(x.shape[1:-1], counted, strict=True)]
    ones = np.ones((1, *sizes, 1), dtype=x.dtype)
    rest = [
        step._replace(before=step.before - before, after=max(0, step.after - after))
        for step, (before, after) in zip(slides, counted, strict=True)
    ]
    with np.errstate(invalid="ignore"):  # a window that sees nothing that counts has no mean, as in the frameworks
        return total(np, x, slides) / total(np, ones, rest)
