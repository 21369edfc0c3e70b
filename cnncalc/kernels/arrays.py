"""Small checks and moves that every kernel needs."""

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
    """A view of `y`, whose channels are last, in the layout of the setting."""
    return y if setting.layout == "HWC" else np.moveaxis(y, -1, 1)


def require(name: str, array: Array, shape: tuple[int, ...]) -> None:
    """Raise ValueError unless `array` has exactly this shape: NumPy would stretch a size of 1 in silence."""
    if tuple(array.shape) != shape:
        raise ValueError(f"the {name} is {tuple(array.shape)}, but the arrays need {shape}")


def per_group(what: str, count: int, groups: int) -> int:
    """How many of `count` channels each group gets; ValueError where they do not divide, so that none is left out."""
    if count % groups:
        raise ValueError(f"{count} {what} cannot be divided into {groups} groups")
    return count // groups


def add_bias(y: Array, bias: Array | None) -> Array:
    """`y` with one bias a channel added in place."""
    if bias is not None:
        require("bias", bias, (y.shape[-1],))
        y += bias
    return y
