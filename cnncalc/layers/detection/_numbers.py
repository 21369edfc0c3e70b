"""A field that the detection layers share: a list of real numbers."""

from __future__ import annotations

from typing import Any

from cnncalc.diagnostics import Refusal
from cnncalc.layers.declare import Field, split_axes


def positive_numbers(
    help: str, *, default: tuple[float, ...], default_text: str = "", aliases: tuple[str, ...] = ()
) -> tuple[float, ...]:
    """One number above 0, or a list of them."""

    def parse(value: Any) -> tuple[float, ...]:
        value = split_axes(value)
        items = value if isinstance(value, list) and value else [value]
        return tuple(map(_positive, items))

    number = {"type": "number", "exclusiveMinimum": 0}
    schema = {"anyOf": [number, {"type": "array", "items": number, "minItems": 1}]}
    return Field(help, parse, schema, default=default, default_text=default_text, aliases=aliases)  # type: ignore[return-value]


def _positive(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise Refusal(f"got {value!r}, but a number above 0 is needed", code="E204")
    return value
