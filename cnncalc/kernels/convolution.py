"""Convolution as matrix multiplication over a strided view of the windows."""

from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.kernels.arrays import Array, add_bias, per_group, require, tiles
from cnncalc.kernels.windows import Slide, padded, stripes, windows

TILE_BYTES, MOST_TILE_BYTES = 4 * 1024 * 1024, 8 * 1024 * 1024
"""The size of a copy of windows as a matrix; larger convolutions are computed tile by tile.

Each product reads the whole kernel, so few large tiles are fast as long as a tile fits in the cache that the cores
share. A tile for a larger kernel has the size of the kernel, up to the second number.
"""

STRIPE_VALUES = 8 * 1024
"""The number of values in a stripe of a depthwise convolution: the kernel, repeated for each, stays in the cache."""


def convolve(np: ModuleType, x: Array, kernel: Array, bias: Array | None, slides: list[Slide], groups: int) -> Array:
    """`x` (batch, *spatial, channels) with `kernel` (*kernel, channels/groups, filters), and a bias per filter."""
    depth = per_group("input channels", x.shape[-1], groups)
    count = per_group("filters", kernel.shape[-1], groups)
    require("kernel", kernel, (*(step.kernel for step in slides), depth, kernel.shape[-1]))
    if bias is not None:
        require("bias", bias, (kernel.shape[-1],))
    x = padded(np, x, slides)
    if depth == 1 and groups > 1:
        return add_bias(depthwise(np, x, kernel.reshape(*kernel.shape[:-2], groups, count), slides), bias)
    parts = []
    for group in range(groups):
        inputs = x[..., group * depth : (group + 1) * depth]
        filters = slice(group * count, (group + 1) * count)
        offset = None if bias is None else bias[filters]
        parts.append(_multiply(np, windows(np, inputs, slides), kernel[..., filters], offset))
    return parts[0] if groups == 1 else np.concatenate(parts, axis=-1)


def _multiply(np: ModuleType, view: Array, kernel: Array, bias: Array | None) -> Array:
    """The windows times the kernel, (batch, *starts, filters), and the bias, computed a tile of windows at a time."""
    columns, filters = prod(kernel.shape[:-1]), kernel.shape[-1]
    y = np.empty((*view.shape[: -(kernel.ndim - 1)], filters), dtype=np.result_type(view, kernel))
    matrix = np.ascontiguousarray(kernel).reshape(columns, filters)
    tile_bytes = min(max(TILE_BYTES, matrix.nbytes), MOST_TILE_BYTES)
    for tile in tiles(y.shape[:-1], tile_bytes // max(1, columns * view.itemsize)):
        products = y[tile].reshape(-1, filters)
        np.matmul(np.ascontiguousarray(view[tile]).reshape(-1, columns), matrix, out=products)
        add_bias(products, bias)
    return y


def depthwise(np: ModuleType, x: Array, kernel: Array, slides: list[Slide]) -> Array:
    """`x` (already padded) with `kernel` (*kernel, channels, multiplier): channels × multiplier outputs.

    A stripe of adjacent positions is one axis with its channels, because NumPy's sums of products are fast over long
    axes.
    """
    require("kernel", kernel, (*(step.kernel for step in slides), x.shape[-1], kernel.shape[-1]))
    channels, multiplier = kernel.shape[-2] * kernel.shape[-1], kernel.shape[-1]
    x = np.ascontiguousarray(x) if multiplier == 1 else np.repeat(x, multiplier, axis=-1)
    kernel = kernel.reshape(*kernel.shape[:-2], channels)
    y = np.empty((len(x), *(step.starts for step in slides), channels), dtype=np.result_type(x, kernel))
    taps = "xyz"[: len(slides)]
    for columns, view in stripes(np, x, slides, STRIPE_VALUES // channels):
        sums = y[..., columns, :].reshape(*view.shape[: len(slides) + 1], -1)
        weights = np.tile(kernel, view.shape[-1] // channels)
        np.einsum(f"...{taps}c,{taps}c->...c", view, weights, out=sums)
    return y


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
