"""Checks and changes of layout for all kernels."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from cnncalc.arithmetic.convention import Setting

Array = Any
"""A NumPy array; neither the kernels nor the layers import NumPy."""


def channels_last(np: ModuleType, x: Array, setting: Setting) -> Array:
    """A view of `x` with its channels last."""
    return x if setting.layout == "HWC" else np.moveaxis(x, 1, -1)


def as_laid_out(np: ModuleType, y: Array, setting: Setting) -> Array:
    """A view of `y`, which has channels last, in the layout of the setting."""
    return y if setting.layout == "HWC" else np.moveaxis(y, -1, 1)


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
