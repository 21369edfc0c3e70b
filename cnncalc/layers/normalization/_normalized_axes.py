"""Indices of the axes along which a layer normalizes."""

from __future__ import annotations

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers.base import Layer, show_shape
from cnncalc.layers.declare import PerAxis


def normalized_axes(layer: Layer, axis: PerAxis, x: Shape) -> tuple[int, ...]:
    """The indices of these axes in a shape, sorted. Raises Refusal if an axis is missing or named twice."""
    named = axis if isinstance(axis, tuple) else (axis,)
    found = sorted(layer.axis_index(one, x) for one in named)
    if len(set(found)) < len(found):
        raise Refusal(
            f"{show_axes(axis)} names an axis of {show_shape(x)} twice",
            hint="-1 is the last axis",
            field="axis",
            code="E303",
        )
    return tuple(found)


def show_axes(axis: PerAxis) -> str:
    """The axes as a user would write them: `-1`, `[1, 2]`."""
    return str([int(one) for one in axis] if isinstance(axis, tuple) else int(axis))
