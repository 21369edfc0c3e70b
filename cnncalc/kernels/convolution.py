"""Convolution as matrix multiplication over a strided view of the windows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod
from types import ModuleType

from cnncalc.kernels.arrays import Array, add_bias, per_group, require
from cnncalc.kernels.windows import Slide, padded, taps, windows

TILE_BYTES = 8 * 1024 * 1024
"""The maximum size of a copy of windows as a matrix; larger convolutions are computed tile by tile."""


def convolve(np: ModuleType, x: Array, kernel: Array, bias: Array | None, slides: list[Slide], groups: int) -> Array:
    """`x` (batch, *spatial, channels) with `kernel` (*kernel, channels/groups, filters), and a bias per filter."""
    depth = per_group("input channels", x.shape[-1], groups)
    count = per_group("filters", kernel.shape[-1], groups)
    require("kernel", kernel, (*(step.kernel for step in slides), depth, kernel.shape[-1]))
    x = padded(np, x, slides)
    if depth == 1 and groups > 1:
        return add_bias(depthwise(np, x, kernel.reshape(*kernel.shape[:-2], groups, count), slides), bias)
    y = np.empty((len(x), *(step.starts for step in slides), kernel.shape[-1]), dtype=np.result_type(x, kernel))
    for group in range(groups):
        inputs = x[..., group * depth : (group + 1) * depth]
        filters = slice(group * count, (group + 1) * count)
        _multiply(np, windows(np, inputs, slides), kernel[..., filters], y[..., filters])
    return add_bias(y, bias)


def _multiply(np: ModuleType, view: Array, kernel: Array, y: Array) -> None:
    """Fill `y` (batch, *starts, filters) with windows times kernel, a tile of windows at a time."""
    columns = prod(kernel.shape[:-1])
    matrix = np.ascontiguousarray(kernel).reshape(columns, kernel.shape[-1])
    for tile in _tiles(y.shape[:-1], columns * view.itemsize):
        seen = view[tile]
        y[tile] = (seen.reshape(-1, columns) @ matrix).reshape(y[tile].shape)


def _tiles(sizes: tuple[int, ...], window_bytes: int) -> Iterator[tuple[int | slice, ...]]:
    """Indices that split axes of these sizes into tiles of at most TILE_BYTES, or of one window if that is larger."""
    axis = 0
    while axis < len(sizes) - 1 and prod(sizes[axis + 1 :]) * window_bytes > TILE_BYTES:
        axis += 1
    step = max(1, TILE_BYTES // max(1, prod(sizes[axis + 1 :]) * window_bytes))
    for place in product(*map(range, sizes[:axis])):
        for start in range(0, sizes[axis], step):
            yield (*place, slice(start, start + step))


def depthwise(np: ModuleType, x: Array, kernel: Array, slides: list[Slide]) -> Array:
    """`x` (already padded) with `kernel` (*kernel, channels, multiplier), tap by tap: channels × multiplier outputs."""
    require("kernel", kernel, (*(step.kernel for step in slides), x.shape[-1], kernel.shape[-1]))
    channels, multiplier = kernel.shape[-2:]
    starts = tuple(step.starts for step in slides)
    y = np.zeros((len(x), *starts, channels, multiplier), dtype=np.result_type(x, kernel))
    for tap, seen in taps(x, slides):
        y += seen[..., None] * kernel[tap]
    return y.reshape(*y.shape[:-2], channels * multiplier)


def convolve_untied(
    np: ModuleType, x: Array, kernel: Array, bias: Array | None, slides: list[Slide], groups: int
) -> Array:
    """Like `convolve`, with one kernel per position: (*starts, *kernel, channels/groups, filters)."""
    starts = tuple(step.starts for step in slides)
    filters = kernel.shape[-1]
    depth, count = per_group("input channels", x.shape[-1], groups), per_group("filters", filters, groups)
    require("kernel", kernel, (*starts, *(step.kernel for step in slides), depth, filters))
    view = windows(np, padded(np, x, slides), slides)
    y = np.empty((len(x), *starts, filters), dtype=np.result_type(x, kernel))
    for group in range(groups):
        inputs = view[..., group * depth : (group + 1) * depth].reshape(len(x), prod(starts), 1, -1)
        chosen = slice(group * count, (group + 1) * count)
        kernels = kernel[..., chosen].reshape(1, prod(starts), -1, count)
        y[..., chosen] = (inputs @ kernels).reshape(len(x), *starts, count)
    if bias is not None:
        require("bias", bias, (*starts, filters))
        y += bias
    return y
