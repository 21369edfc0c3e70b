"""Fields that name axes or give the sizes of all of them."""

from __future__ import annotations

from typing import Any, Unpack

from cnncalc.diagnostics import Refusal
from cnncalc.layers.declare._field import Field, FieldOptions
from cnncalc.layers.declare._parsing import as_integer, is_word, not_empty, one_of, shown, split_axes, words_schema

AXIS_WORDS = ("channels", "length", "height", "width", "depth")

AxesValue = tuple[int, ...] | None


def axis(help: str, **options: Unpack[FieldOptions]) -> str | int:
    """An axis: its name, its position from 1 without the batch axis, or −1 for the last; the channels by default."""

    def parse(value: Any) -> str | int:
        if is_word(value):
            return one_of(value, AXIS_WORDS, "or its position from 1")
        place = as_integer(value, -4)
        if place == 0:
            raise Refusal("got 0, which is the batch axis", hint="count from 1, or -1 for the last axis", code="E204")
        return place

    place = {"type": "integer", "minimum": -4, "not": {"const": 0}}
    options.setdefault("default", "channels")
    return Field(help, parse, {"anyOf": [words_schema(AXIS_WORDS), place]}, choices=AXIS_WORDS, **options)  # type: ignore[return-value]


def listed_axes(help: str, *, minimum: int = -9, **options: Unpack[FieldOptions]) -> AxesValue:
    """One axis, or a list of them, counted from 1 or from −1 for the last; positional.

    0, the batch axis, is accepted here; the layers' rules reject it.
    """

    def parse(value: Any) -> AxesValue:
        value = split_axes(value)
        items = not_empty(value if isinstance(value, list) else [value], "axes are")
        return tuple(as_integer(item, minimum) for item in items)

    number = {"type": "integer", "minimum": minimum}
    listed = {"type": "array", "items": number, "minItems": 1}
    text = {"type": "string", "pattern": r"^(-?\d+([x×]-?\d+)*|\(.*\))$"}
    options.setdefault("positional", True)
    return Field(help, parse, {"anyOf": [number, listed, text]}, axes=True, **options)  # type: ignore[return-value]


def dimensions(
    help: str, *, wildcard: bool = False, scalar: bool = False, **options: Unpack[FieldOptions]
) -> tuple[int, ...]:
    """A shape: `7x7x64`, a list, or one number; positional.

    With `wildcard` one size may be −1; with `scalar` the shape may have no axes.
    """

    def parse(value: Any) -> tuple[int, ...]:
        value = split_axes(value)
        items = value if isinstance(value, list) else [value]
        shape = tuple(as_integer(item, -1 if wildcard else 1) for item in items)
        if (not shape and not scalar) or 0 in shape or shape.count(-1) > 1:
            allowed = ", at most one of them -1" if wildcard else ""
            raise Refusal(f"got {shown(value)}, but a shape of sizes from 1 is needed{allowed}", code="E204")
        return shape

    integer = {"type": "integer", "minimum": -1 if wildcard else 1}
    least, text = (0, r"^(-?\d+([x×]-?\d+)*|\(.*\)|scalar)$") if scalar else (1, r"^(-?\d+([x×]-?\d+)*|\(.*\))$")
    listed = {"type": "array", "items": integer, "minItems": least}
    schema = {"anyOf": [integer, listed, {"type": "string", "pattern": text}]}
    options.setdefault("positional", True)
    return Field(help, parse, schema, axes=True, choices=("scalar",) if scalar else (), **options)  # type: ignore[return-value]
