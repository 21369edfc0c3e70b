"""Unpooling: puts every value back into its cell or window."""

from __future__ import annotations

from types import ModuleType

from cnncalc.kernels.arrays import Array, require
from cnncalc.kernels.windows import Slide, pad, taps


def repeated(np: ModuleType, x: Array, factors: tuple[int, ...]) -> Array:
    """`x` (batch, *spatial, channels) with each value repeated over its cell."""
    for axis, factor in enumerate(factors, start=1):
        x = np.repeat(x, factor, axis) if factor > 1 else x
    return x


def nailed(np: ModuleType, x: Array, factors: tuple[int, ...]) -> Array:
    """Each value at the first position of its cell, zeros at the others."""
    sizes = [size * factor for size, factor in zip(x.shape[1:-1], factors, strict=True)]
    y = np.zeros((len(x), *sizes, x.shape[-1]), dtype=x.dtype)
    y[(slice(None), *(slice(None, None, factor) for factor in factors))] = x
    return y


def first_places(np: ModuleType, x: Array, sizes: tuple[int, ...], slides: list[Slide]) -> Array:
    """For each value of `x`, the flat index of the first position of its window inside `sizes`."""
    starts = np.meshgrid(*(_starts(np, step) for step in slides), indexing="ij")
    clipped = [np.minimum(start, size - 1) for start, size in zip(starts, sizes, strict=True)]
    flat = np.ravel_multi_index(clipped, sizes)[None, ..., None]
    return np.broadcast_to(flat, x.shape)


def places_of_maxima(np: ModuleType, pooled: Array, slides: list[Slide]) -> Array:
    """The flat index of each window's maximum in `pooled`: the first of equal values, and the last NaN."""
    sizes = tuple(pooled.shape[1:-1])
    flat = np.arange(np.prod(sizes), dtype=np.int64).reshape(1, *sizes, 1)
    sides = [(step.before, step.after) for step in slides]
    values, positions = pad(np, pooled, sides, -np.inf), pad(np, flat, sides)
    best = np.full((len(pooled), *(step.starts for step in slides), pooled.shape[-1]), -np.inf, pooled.dtype)
    place = first_places(np, best, sizes, slides).copy()
    for (_, seen), (_, where) in zip(taps(values, slides), taps(positions, slides), strict=True):
        wins = (seen > best) | np.isnan(seen)
        np.copyto(best, seen, where=wins)
        np.copyto(place, np.broadcast_to(where, place.shape), where=wins)
    return place


def put(np: ModuleType, x: Array, places: Array, sizes: tuple[int, ...]) -> Array:
    """Zeros of `sizes` with the values of `x` at their flat indices; the later of two values at one index is kept."""
    require("input", x, tuple(places.shape))
    y = np.zeros((len(x), int(np.prod(sizes)), x.shape[-1]), dtype=x.dtype)
    count = int(np.prod(x.shape[1:-1]))
    samples, channels = np.ogrid[: len(x), : x.shape[-1]]
    rows = places.reshape(len(x), count, x.shape[-1])
    y[samples[:, None], rows, channels[:, None]] = x.reshape(len(x), count, x.shape[-1])
    return y.reshape(len(x), *sizes, x.shape[-1])


def _starts(np: ModuleType, step: Slide) -> Array:
    return np.maximum(np.arange(step.starts) * step.stride - step.before, 0)
