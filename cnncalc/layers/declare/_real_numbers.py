"""Fields that hold real numbers. Only the scales of a resizing affect a shape."""

from __future__ import annotations

import re
from math import isfinite
from typing import Any, Unpack

from cnncalc.diagnostics import Refusal
from cnncalc.layers.declare._field import Field, FieldOptions
from cnncalc.layers.declare._parsing import AXES_SCHEMA, as_integer, not_empty, shown, split_axes

Numbers = float | tuple[float, ...]
"""One number, or one for each position along an axis."""

Scale = int | float
"""A whole number stays one; anything else is real."""

ScaleValue = Scale | tuple[Scale, ...] | None
"""One scale for every axis, or one for each; None where it is not given."""

_REAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?$|[+-]?\.?inf$", re.IGNORECASE)


def number(
    help: str, *, minimum: float | None = None, maximum: float | None = None, **options: Unpack[FieldOptions]
) -> float:
    """A real number within limits: a rate, a slope, an epsilon."""
    schema: dict[str, Any] = {"type": "number"}
    if minimum is not None:
        schema["minimum"] = minimum
    if maximum is not None:
        schema["maximum"] = maximum

    def parse(value: Any) -> float:
        if isinstance(value, str) and _REAL.match(value):
            value = float(value.replace(".inf", "inf"))
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Refusal(f"got {shown(value)}, but a number is needed", code="E204")
        if (minimum is not None and value < minimum) or (maximum is not None and value > maximum):
            bounds = f"at least {minimum}" if maximum is None else f"between {minimum} and {maximum}"
            raise Refusal(f"got {value}, but it must be {bounds}", code="E204")
        return float(value)

    return Field(help, parse, schema, **options)  # type: ignore[return-value]


def optional_number(help: str, *, minimum: float | None = None, **options: Unpack[FieldOptions]) -> float | None:
    """A real number, or None where the spec leaves it to the convention."""
    options["default"] = None
    return number(help, minimum=minimum, **options)


def numbers(help: str, **options: Unpack[FieldOptions]) -> Any:
    """A number, a quotient such as `1/255`, or a list of them: `Numbers`."""

    def parse(value: Any) -> Numbers:
        return tuple(map(_quotient, value)) if isinstance(value, list) and value else _quotient(value)

    one = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?[\d.]+(/\d+)?$"}]}
    schema = {"anyOf": [*one["anyOf"], {"type": "array", "items": one, "minItems": 1}]}
    return Field(help, parse, schema, **options)


def positive_numbers(help: str, **options: Unpack[FieldOptions]) -> tuple[float, ...]:
    """One number above 0, or a list of them."""

    def parse(value: Any) -> tuple[float, ...]:
        value = split_axes(value)
        return tuple(map(_positive, value if isinstance(value, list) and value else [value]))

    number = {"type": "number", "exclusiveMinimum": 0}
    schema = {"anyOf": [number, {"type": "array", "items": number, "minItems": 1}]}
    return Field(help, parse, schema, **options)  # type: ignore[return-value]


def scales(help: str, **options: Unpack[FieldOptions]) -> ScaleValue:
    """A positive number for every axis, or a list with one for each; positional."""

    def parse(value: Any) -> ScaleValue:
        value = split_axes(value)
        return tuple(map(_scale, not_empty(value))) if isinstance(value, list) else _scale(value)

    number = {"type": "number", "exclusiveMinimum": 0}
    listed = {"type": "array", "items": number, "minItems": 1}
    options.setdefault("positional", True)
    return Field(help, parse, {"anyOf": [number, listed, AXES_SCHEMA]}, axes=True, **options)  # type: ignore[return-value]


def _quotient(value: Any) -> float:
    try:
        if not isinstance(value, bool):
            from fractions import Fraction  # few specs hold fractions

            return float(Fraction(value))
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        pass
    raise Refusal(f"got {value!r}, but a number or a list of numbers is needed", code="E204")


def _positive(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise Refusal(f"got {value!r}, but a number above 0 is needed", code="E204")
    return value


def _scale(value: Any) -> Scale:
    if not isinstance(value, float):
        return as_integer(value, 1)
    if not isfinite(value) or value <= 0:
        raise Refusal(f"got {value}, but a positive number is needed", code="E204")
    return value
