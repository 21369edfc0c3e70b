"""Functions of single elements, computed block by block so that intermediate results stay in the cache."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from types import ModuleType

from cnncalc.kernels.arrays import Array, TileIndex, tiles
from cnncalc.kernels.parallel import for_each

BLOCK_VALUES = 64 * 1024
"""The number of values of a block: 256 KiB of float32, so that a block and its result fit in a core's cache."""

COPIED_VALUES = 2 * BLOCK_VALUES
"""The number of values of a part of a copy, which takes less time than a function of the values."""


def by_blocks(np: ModuleType, fill: Callable[..., object], *arrays: Array) -> Array:
    """The array whose blocks are filled by `fill(*blocks of arrays, out=block)`, in the order of memory.

    The arrays are broadcast to one shape. A block is a view of a few adjacent positions; threads share the blocks.
    """
    broadcast = np.broadcast_arrays(*arrays)
    y = np.empty_like(max(arrays, key=np.size), np.result_type(*arrays), shape=broadcast[0].shape)
    in_memory = sorted(range(y.ndim), key=lambda axis: -y.strides[axis])
    seen, filled = [array.transpose(in_memory) for array in broadcast], y.transpose(in_memory)

    def fill_block(block: TileIndex) -> None:
        fill(*(array[block] for array in seen), out=filled[block])

    for_each(fill_block, tiles(filled.shape, BLOCK_VALUES))
    return y


def sigmoid(np: ModuleType, x: Array) -> Array:
    """1/(1 + e⁻ˣ)."""

    def fill(seen: Array, out: Array) -> None:
        one_plus_power(np, seen, out)
        np.divide(1, out, out=out)

    return by_blocks(np, fill, x)


def one_plus_power(np: ModuleType, x: Array, out: Array) -> None:
    """Fill `out` with 1 + e⁻ˣ, which is infinite for a large negative `x`."""
    np.negative(x, out=out)
    with np.errstate(over="ignore"):
        np.exp(out, out=out)
    out += 1


def scaled(np: ModuleType, x: Array, scale: Array, shift: Array) -> Array:
    """x·scale + shift with one number of each per position of the last axis.

    The last two axes are computed as one, with repeated numbers, because NumPy is fast over long axes.
    """
    count = x.shape[-2]
    scale, shift = np.tile(scale, count), np.tile(shift, count)
    rows = x.reshape(prod(x.shape[:-2]), len(scale))
    y = np.empty(rows.shape, np.result_type(rows, scale))

    def fill(block: TileIndex) -> None:
        out = np.multiply(rows[block], scale, out=y[block])
        out += shift

    for_each(fill, tiles((len(rows),), BLOCK_VALUES // max(1, len(scale))))
    return y.reshape(x.shape)


def copy(np: ModuleType, x: Array, y: Array) -> None:
    """Fill `y`, an array of the same shape, with the values of `x`."""
    for_each(lambda tile: np.copyto(y[tile], x[tile]), tiles(x.shape, COPIED_VALUES))


def contiguous(np: ModuleType, x: Array) -> Array:
    """`x` if its values are adjacent in memory, in the order of its axes; otherwise a copy with that order."""
    if x.flags.c_contiguous:
        return x
    y = np.empty(x.shape, x.dtype)
    copy(np, x, y)
    return y
