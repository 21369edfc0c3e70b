"""Fields that hold amounts before and after each axis."""

from __future__ import annotations

from typing import Any, Unpack

from cnncalc.arithmetic.window import PADDING_WORDS
from cnncalc.layers.declare._field import Field, FieldOptions, JsonSchema
from cnncalc.layers.declare._parsing import (
    AXES_SCHEMA,
    as_integer,
    as_side,
    is_word,
    not_empty,
    one_of,
    split_axes,
    words_schema,
)

PaddingValue = str | int | tuple[int | tuple[int, int], ...]
"""A padding word, one number for every side, or a number or (before, after) for each axis."""

SidesValue = int | tuple[int | tuple[int, int], ...]
"""One number for every side, or a number or (before, after) for each axis."""


def padding(
    help: str, *, words: tuple[str, ...] = PADDING_WORDS, minimum: int = 0, **options: Unpack[FieldOptions]
) -> PaddingValue:
    """A padding word, a number for every side, or a list with a number or [before, after] for each axis; 0 by default.

    Its short form is `p`, its symbol P.
    """

    def parse(value: Any) -> PaddingValue:
        value = split_axes(value)
        if is_word(value):
            return one_of(value, words, "or numbers")
        return _sides(not_empty(value) if isinstance(value, list) else value, minimum)

    number, listed = _number_and_list(minimum)
    options.setdefault("default", 0)
    options["short"], options["symbol"] = "p", "P"
    schema = {"anyOf": [number, listed, words_schema(words), AXES_SCHEMA]}
    return Field(help, parse, schema, axes=True, choices=words, **options)  # type: ignore[return-value]


def sides(help: str, *, minimum: int = 0, **options: Unpack[FieldOptions]) -> SidesValue:
    """A number for every side, or a list with a number or [before, after] for each axis; positional."""
    number, listed = _number_and_list(minimum)
    options.setdefault("positional", True)
    schema = {"anyOf": [number, listed, AXES_SCHEMA]}
    return Field(help, lambda value: _sides(split_axes(value), minimum), schema, axes=True, **options)  # type: ignore[return-value]


def _sides(value: Any, minimum: int) -> SidesValue:
    if isinstance(value, list) and value:
        return tuple(as_side(item, minimum) for item in value)
    return as_integer(value, minimum)


def _number_and_list(minimum: int) -> tuple[JsonSchema, JsonSchema]:
    """The schemas of one amount, and of a list with one amount or a pair for each axis."""
    number = {"type": "integer", "minimum": minimum}
    pair = {"type": "array", "items": number, "minItems": 2, "maxItems": 2}
    return number, {"type": "array", "items": {"anyOf": [number, pair]}, "minItems": 1}
