"""Checks and changes of layout for all kernels."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod
from types import ModuleType
from typing import Any

from cnncalc.arithmetic.convention import Setting

Array = Any
"""A NumPy array; neither the kernels nor the layers import NumPy."""

TileIndex = tuple[int | slice, ...]
"""The index of adjacent positions of an array."""


def channels_last(np: ModuleType, x: Array, setting: Setting) -> Array:
    """A view of `x` with its channels last."""
    return x if setting.layout == "HWC" else axis_to_end(np, x, 1)


def as_laid_out(np: ModuleType, y: Array, setting: Setting) -> Array:
    """A view of `y`, which has channels last, in the layout of the setting."""
    return y if setting.layout == "HWC" else axis_from_end(np, y, 1)


def axis_to_end(np: ModuleType, x: Array, axis: int) -> Array:
    """A view of `x` whose `axis` comes last; np.moveaxis takes as long as a small layer."""
    return np.transpose(x, (*range(axis), *range(axis + 1, x.ndim), axis))


def axis_from_end(np: ModuleType, y: Array, axis: int) -> Array:
    """A view of `y` whose last axis is at `axis`."""
    return np.transpose(y, (*range(axis), y.ndim - 1, *range(axis, y.ndim - 1)))


def require(name: str, array: Array, shape: tuple[int, ...]) -> None:
    """Raise ValueError unless `array` has exactly this shape: NumPy would silently broadcast a size of 1."""
    if tuple(array.shape) != shape:
        raise ValueError(f"the {name} is {tuple(array.shape)}, but the arrays need {shape}")


def per_group(what: str, count: int, groups: int) -> int:
    """The number of channels per group. Raises ValueError if `count` is not divisible by `groups`."""
    if count % groups:
        raise ValueError(f"{count} {what} cannot be divided into {groups} groups")
    return count // groups


def add_bias(y: Array, bias: Array | None) -> Array:
    """`y` with one bias per channel added in place."""
    if bias is not None:
        require("bias", bias, (y.shape[-1],))
        y += bias
    return y


def tiles(sizes: tuple[int, ...], most: int) -> Iterator[TileIndex]:
    """Indices that split axes of these sizes into adjacent tiles of at most `most` positions, or of one."""
    axis = 0
    while axis < len(sizes) - 1 and prod(sizes[axis + 1 :]) > most:
        axis += 1
    step = max(1, most // max(1, prod(sizes[axis + 1 :])))
    for place in product(*map(range, sizes[:axis])):
        for start in range(0, sizes[axis], step):
            yield (*place, slice(start, start + step))
