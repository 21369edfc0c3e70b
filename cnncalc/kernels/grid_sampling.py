"""Sampling of an array at the points of a grid, in one to three dimensions.

Source of the arithmetic: PyTorch, aten/src/ATen/native/GridSampler.h, which ONNX's GridSample follows.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from types import ModuleType

from cnncalc.kernels.arrays import Array

_CUBIC = -0.75
"""The slope of the cubic kernel at 1 in PyTorch and ONNX."""


def sampled(np: ModuleType, x: Array, grid: Array, *, mode: str, border: str, aligned: bool) -> Array:
    """`x` (batch, *spatial, channels) at the points of `grid` (batch, *output, axes): (batch, *output, channels).

    Coordinates are from −1 to 1 along each axis, the last axis first, as x before y. `mode` is `nearest`, `linear` or
    `cubic`; beyond the border are `zeros`, the border's values, or its `reflection`.
    """
    images = np.arange(len(x)).reshape(len(x), *[1] * (grid.ndim - 2))
    sizes = x.shape[1:-1]
    axes = []
    for axis, size in enumerate(sizes):
        places = _on_pixels(grid[..., len(sizes) - 1 - axis], size, aligned)
        axes.append(list(_taps(np, places, size, mode, border, aligned)))
    read = np.zeros((*grid.shape[:-1], x.shape[-1]), x.dtype)
    for taps in product(*axes):
        weight = taps[0][1]
        for _, other in taps[1:]:
            weight = weight * other
        read += weight[..., None] * x[(images, *(index for index, _ in taps))]
    return read


def _on_pixels(places: Array, size: int, aligned: bool) -> Array:
    """From −1 … 1 to positions: ±1 are the centres of the outermost pixels if aligned, else their edges."""
    one = places.dtype.type(1)
    return (places + one) / 2 * (size - 1) if aligned else ((places + one) * size - one) / 2


def _taps(
    np: ModuleType, places: Array, size: int, mode: str, border: str, aligned: bool
) -> Iterator[tuple[Array, Array]]:
    """The pixels that are read along an axis, with their weights: 0 for one beyond a border of zeros."""
    if mode == "cubic":
        low = np.floor(places)
        for step in (-1, 0, 1, 2):
            weight = _cubic(np, np.abs(places - low - step)).astype(places.dtype)
            yield _inside(np, _brought_in(np, low + step, size, border, aligned), weight, size)
        return
    places = _brought_in(np, places, size, border, aligned)
    if mode == "nearest":
        yield _inside(np, np.rint(places), np.ones_like(places), size)
        return
    low = np.floor(places)
    yield _inside(np, low, 1 - (places - low), size)
    yield _inside(np, low + 1, places - low, size)


def _cubic(np: ModuleType, away: Array) -> Array:
    """The weight of a pixel by its distance: Keys, 1981."""
    near = ((_CUBIC + 2) * away - (_CUBIC + 3)) * away * away + 1
    far = ((away - 5) * away + 8) * away * _CUBIC - 4 * _CUBIC
    return np.where(away <= 1, near, far)


def _inside(np: ModuleType, index: Array, weight: Array, size: int) -> tuple[Array, Array]:
    """Each pixel limited to the image, and its weight, 0 if it was outside."""
    exists = (index >= 0) & (index < size)
    return np.where(exists, index, 0).astype(np.intp), np.where(exists, weight, 0).astype(weight.dtype)


def _brought_in(np: ModuleType, places: Array, size: int, border: str, aligned: bool) -> Array:
    """The coordinates, moved to the border or reflected at it if they are beyond."""
    if border == "zeros":
        return places
    if border == "reflection":
        low, span = (0.0, size - 1.0) if aligned else (-0.5, float(size))
        places = _mirrored(np, places, low, span)
    return np.clip(places, 0, size - 1)


def _mirrored(np: ModuleType, places: Array, low: float, span: float) -> Array:
    if span == 0:
        return np.zeros_like(places)
    kind = places.dtype.type
    away = np.abs(places - kind(low))
    rest, turns = np.fmod(away, kind(span)), np.floor(away / kind(span))
    return np.where(turns % 2 == 0, rest + kind(low), kind(span) - rest + kind(low))
