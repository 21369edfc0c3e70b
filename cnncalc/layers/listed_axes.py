"""Indices of axes that a field lists, counted from 1 without the batch, or from the end."""

from __future__ import annotations

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers.base import show_shape


def place(axis: int, rank: int, x: Shape, field: str = "axis") -> int:
    """The index from 0 of an axis among `rank`. Raises Refusal for the batch axis and for a missing axis."""
    if axis in (0, -rank - 1):
        raise Refusal(
            f"{int(axis)} is the batch axis, which cannot be changed",
            hint="count from 1, or -1 for the last axis",
            field=field,
            code="E303",
        )
    if abs(axis) > rank:
        raise Refusal(
            f"{show_shape(x)} has no axis {int(axis)}", hint=f"count from 1 to {rank}, or from -1 backwards",
            field=field, code="E303",
        )  # fmt: skip
    return axis - 1 if axis > 0 else rank + axis


def places(
    axes: tuple[int, ...], rank: int, x: Shape, field: str = "axis", *, repeated: bool = False
) -> tuple[int, ...]:
    """Like `place`, for a list. Raises Refusal if an axis appears twice, unless `repeated` allows it."""
    found = tuple(place(axis, rank, x, field) for axis in axes)
    if repeated:
        return tuple(dict.fromkeys(found))
    if len(set(found)) < len(found):
        raise Refusal(
            f"an axis is named twice: {', '.join(map(str, axes))}", hint="name each once", field=field, code="E303"
        )
    return found
