"""Checks of values that represent a shape."""

from __future__ import annotations

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers.declare import split_axes


def as_shape(value: object) -> Shape | None:
    """A shape of sizes from 1, `()` for a scalar, or None for any other value."""
    value = split_axes(value)
    sizes = list(value) if isinstance(value, list | tuple) else [value]
    if all(isinstance(size, int) and not isinstance(size, bool) and size > 0 for size in sizes):
        return tuple(sizes)  # type: ignore[arg-type]
    return None
