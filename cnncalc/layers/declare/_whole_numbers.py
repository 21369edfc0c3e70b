"""Fields that hold whole numbers: a count, or one number for every axis."""

from __future__ import annotations

from typing import Any, Unpack

from cnncalc.layers.declare._field import Field, FieldOptions
from cnncalc.layers.declare._parsing import AXES_SCHEMA, as_integer, not_empty, split_axes

PerAxis = int | tuple[int, ...]
"""One number for every axis, or one for each."""

SizeValue = int | tuple[int | None, ...]
"""One size for every axis, or a size for each, None where an axis stays as it is."""


def count(help: str, *, minimum: int = 1, **options: Unpack[FieldOptions]) -> int:
    """A whole number of at least `minimum`."""
    schema = {"type": "integer", "minimum": minimum}
    return Field(help, lambda value: as_integer(value, minimum), schema, **options)  # type: ignore[return-value]


def optional_count(help: str, *, minimum: int = 1, **options: Unpack[FieldOptions]) -> int | None:
    """Like `count`, or None where the spec does not give it."""
    options["default"] = None
    return count(help, minimum=minimum, **options)


def per_axis(help: str, *, minimum: int = 1, **options: Unpack[FieldOptions]) -> PerAxis:
    """A whole number for every axis, or a list with one for each."""

    def parse(value: Any) -> PerAxis:
        value = split_axes(value)
        if isinstance(value, list):
            return tuple([as_integer(item, minimum) for item in not_empty(value)])
        return as_integer(value, minimum)

    number = {"type": "integer", "minimum": minimum}
    axes = {"type": "array", "items": number, "minItems": 1}
    return Field(help, parse, {"anyOf": [number, axes, AXES_SCHEMA]}, axes=True, **options)  # type: ignore[return-value]


def optional_per_axis(help: str, *, minimum: int = 1, **options: Unpack[FieldOptions]) -> PerAxis | None:
    """Like `per_axis`, or None where the spec does not give it."""
    options["default"] = None
    return per_axis(help, minimum=minimum, **options)


def sizes(help: str, **options: Unpack[FieldOptions]) -> SizeValue:
    """A size for every axis, or a list with one for each, `~` where an axis stays; positional."""

    def parse(value: Any) -> SizeValue:
        value = split_axes(value)
        if not isinstance(value, list):
            return as_integer(value, 1)
        items = not_empty(value, "one size per axis is")
        return tuple([None if item is None else as_integer(item, 1) for item in items])

    number = {"type": "integer", "minimum": 1}
    listed = {"type": "array", "items": {"anyOf": [number, {"type": "null"}]}, "minItems": 1}
    options.setdefault("positional", True)
    return Field(help, parse, {"anyOf": [number, listed, AXES_SCHEMA]}, axes=True, **options)  # type: ignore[return-value]
