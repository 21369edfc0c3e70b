"""A field that holds real numbers: one, or one for each place along an axis."""

from __future__ import annotations

from fractions import Fraction
from types import ModuleType
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.base import Array, show_shape
from cnncalc.layers.normalization._normalization import meeting

Numbers = float | tuple[float, ...]


def _number(value: Any) -> float:
    try:
        if not isinstance(value, bool):
            return float(Fraction(value))
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        pass
    raise Refusal(f"got {value!r}, but a number, or a list of them, is needed", code="E204")


def numbers(
    help: str, *, default: Any = declare.REQUIRED, positional: bool = False, default_text: str = "",
    aliases: tuple[str, ...] = (),
) -> Any:  # fmt: skip
    """The declaration: a number, a quotient such as `1/255`, or a list of them."""

    def parse(value: Any) -> Numbers:
        return tuple(map(_number, value)) if isinstance(value, list) and value else _number(value)

    one = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?[\d.]+(/\d+)?$"}]}
    schema = {"anyOf": [*one["anyOf"], {"type": "array", "items": one, "minItems": 1}]}
    return declare.Field(
        help, parse, schema, default=default, positional=positional, default_text=default_text, aliases=aliases
    )


def check_length(numbers: Numbers | None, x: Shape, place: int, field: str) -> None:
    """Refuse a list that has neither one number nor one for each place along the axis."""
    if isinstance(numbers, tuple) and len(numbers) not in (1, x[place]):
        raise Refusal(
            f"{len(numbers)} numbers for an axis of {int(x[place])} in {show_shape(x)}",
            hint="give one number, or one for each place along the axis",
            field=field,
            code="E308",
        )


def along(np: ModuleType, numbers: Numbers, x: Array, place: int) -> Array:
    """The numbers as an array that meets the batched array `x` along an axis of its samples."""
    full = np.broadcast_to(np.asarray(numbers, x.dtype), (x.shape[1 + place],))
    return meeting(full, x, (place,))
