"""Functions of single elements, computed block by block so that intermediate results stay in the cache."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

from cnncalc.kernels.arrays import Array

BLOCK_VALUES = 32 * 1024
"""The number of values of a block: 128 KiB of float32, so that a block and two temporaries fit in a core's cache."""


def by_blocks(np: ModuleType, x: Array, fill: Callable[[Array, Array], None]) -> Array:
    """An array like `x` whose blocks are filled in the order of memory by `fill(block of x, block of the result)`."""
    y = np.empty_like(x)
    flags = ["external_loop", "buffered", "zerosize_ok"]
    with np.nditer([x, y], flags, [["readonly"], ["writeonly"]], buffersize=BLOCK_VALUES) as blocks:
        for seen, out in blocks:
            fill(seen, out)
    return y


def sigmoid(np: ModuleType, x: Array) -> Array:
    """1/(1 + e⁻ˣ)."""

    def fill(seen: Array, out: Array) -> None:
        one_plus_power(np, seen, out)
        np.divide(1, out, out=out)

    return by_blocks(np, x, fill)


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
    y = x.reshape(*x.shape[:-2], -1) * np.tile(scale, count)
    y += np.tile(shift, count)
    return y.reshape(x.shape)
