"""Fields that list axes, counted from 1 without the batch, or from the end."""

from __future__ import annotations

from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers.base import show_shape
from cnncalc.layers.declare import Field, as_integer, split_axes

AxesValue = tuple[int, ...] | None


def listed_axes(
    help: str, *, required: bool = False, aliases: tuple[str, ...], default_text: str = "", minimum: int = -9
) -> AxesValue:
    """One axis, or a list of them, as whole numbers; 0, the batch, is left to the rules; positional."""

    def parse(value: Any) -> AxesValue:
        value = split_axes(value)
        items = value if isinstance(value, list) else [value]
        if not items:
            raise Refusal("got an empty list, but axes are needed", code="E204")
        return tuple(as_integer(item, minimum) for item in items)

    number = {"type": "integer", "minimum": minimum}
    listed = {"type": "array", "items": number, "minItems": 1}
    text = {"type": "string", "pattern": r"^(-?\d+([x×]-?\d+)*|\(.*\))$"}
    given: dict[str, Any] = {} if required else {"default": None, "default_text": default_text}
    return Field(help, parse, {"anyOf": [number, listed, text]}, aliases=aliases, positional=True, axes=True, **given)  # type: ignore[return-value]


def place(axis: int, rank: int, x: Shape, field: str = "axis") -> int:
    """Where an axis stands among `rank`, from 0; Refusal for the batch axis and for one that is not there."""
    if axis in (0, -rank - 1):
        raise Refusal(
            f"{int(axis)} is the batch axis, which stays", hint="count from 1, or -1 for the last axis", field=field,
            code="E303",
        )  # fmt: skip
    if abs(axis) > rank:
        raise Refusal(
            f"{show_shape(x)} has no axis {int(axis)} here", hint=f"count from 1 to {rank}, or from -1 back",
            field=field, code="E303",
        )  # fmt: skip
    return axis - 1 if axis > 0 else rank + axis


def places(
    axes: tuple[int, ...], rank: int, x: Shape, field: str = "axis", *, repeated: bool = False
) -> tuple[int, ...]:
    """Like `place`, for a list in which no axis may stand twice, unless `repeated` lets it."""
    found = tuple(place(axis, rank, x, field) for axis in axes)
    if repeated:
        return tuple(dict.fromkeys(found))
    if len(set(found)) < len(found):
        raise Refusal(
            f"an axis is named twice: {', '.join(map(str, axes))}", hint="name each once", field=field, code="E303"
        )
    return found
