"""Functions of single elements, computed block by block so that intermediate results stay in the cache."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from types import ModuleType

from cnncalc.kernels.arrays import Array, tiles

BLOCK_VALUES = 64 * 1024
"""The number of values of a block: 256 KiB of float32, so that a block and its result fit in a core's cache."""


def by_blocks(np: ModuleType, fill: Callable[..., object], *arrays: Array) -> Array:
    """The array whose blocks are filled by `fill(*blocks of arrays, out=block)`, in the order of memory.

    The arrays are broadcast to one shape. A block is a view of a few adjacent positions.
    """
    broadcast = np.broadcast_arrays(*arrays)
    y = np.empty_like(max(arrays, key=np.size), np.result_type(*arrays), shape=broadcast[0].shape)
    in_memory = sorted(range(y.ndim), key=lambda axis: -y.strides[axis])
    seen, filled = [array.transpose(in_memory) for array in broadcast], y.transpose(in_memory)
    for block in tiles(filled.shape, BLOCK_VALUES):
        fill(*(array[block] for array in seen), out=filled[block])
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
    for block in tiles((len(rows),), BLOCK_VALUES // max(1, len(scale))):
        out = np.multiply(rows[block], scale, out=y[block])
        out += shift
    return y.reshape(x.shape)
