"""Parsers of plain values: whole numbers, lists with one number per axis, words. They raise Refusal for others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cnncalc.diagnostics import Refusal, did_you_mean, shortened
from cnncalc.layers.declare._field import JsonSchema

AXES_SCHEMA: Mapping[str, Any] = {"type": "string", "pattern": r"^(\d+([x×]\d+)*|\(.*\))$"}
"""Sizes with `x` between them, or a tuple as in code."""

SHORT_FORM = re.compile(r"([a-z])([0-9]{1,40}(?:[x×][0-9]{1,40})*)$")
"""The first letter of a field, and the number or sizes for it: `s2`, `k3x3`."""

_LARGEST_OFFERED = 10**15
_LARGEST, _TOO_LARGE = 2**128, "a number larger than 2**128, the largest allowed here"
_AXES = re.compile(r"-?[0-9]{1,40}(?:x-?[0-9]{1,40})+$")
_INTEGER = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,39})$")


def is_word(value: Any) -> bool:
    """Whether a value is a text that is not a whole number."""
    return isinstance(value, str) and not _INTEGER.match(value)


def as_integer(value: Any, minimum: int) -> int:
    """`value` as an int of at least `minimum`. Raises Refusal otherwise."""
    if type(value) is int and minimum <= value <= _LARGEST:  # as nearly all are
        return value
    if isinstance(value, str) and _INTEGER.match(value):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        hint = f"write {int(value)}" if minimum <= value < _LARGEST_OFFERED else ""
        raise Refusal(f"got {value!r}, but a whole number is needed", hint=hint, code="E204")
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refusal(f"got {shown(value)}, but a whole number is needed", code="E204")
    if not minimum <= value <= _LARGEST:
        what = "it must be at least" if abs(value) <= _LARGEST else ""
        raise Refusal(f"got {value}, but {what} {minimum}" if what else _TOO_LARGE, code="E204" if what else "E103")
    return value


def as_side(value: Any, minimum: int) -> int | tuple[int, int]:
    """A number for both sides of an axis, or (before, after)."""
    value = split_axes(value)
    if isinstance(value, list):
        if len(value) != 2:
            raise Refusal(f"got {value}, but [before, after] is needed", code="E204")
        return as_integer(value[0], minimum), as_integer(value[1], minimum)
    return as_integer(value, minimum)


def one_of(value: Any, words: tuple[str, ...], also: str = "") -> str:
    """One of `words`, ignoring case, with `-` read as `_`. `also` describes other accepted values in the message."""
    lowered = value.lower().replace("-", "_") if isinstance(value, str) else value
    if lowered in words:
        return str(lowered)
    allowed = ", ".join(words) + (f", {also}" if also else "")
    hint = did_you_mean(str(value), words)
    raise Refusal(f"unknown word {shown(value)}. Allowed: {allowed}", hint=hint, code="E204")


def not_empty(items: list[Any], needed: str = "one number per axis is") -> list[Any]:
    """The list. Raises Refusal if it is empty."""
    if not items:
        raise Refusal(f"got an empty list, but {needed} needed", code="E204")
    return items


def split_axes(value: Any) -> Any:
    """`"8x8"` and `"(8, 8)"` as the list [8, 8], `"scalar"` as the empty one; every other value as it is."""
    if not isinstance(value, str):
        return value
    if value == "scalar":
        return []
    sizes = value.replace("×", "x")
    if _AXES.match(sizes):
        return [int(part) for part in sizes.split("x")]
    if value[:1] == "(":
        from cnncalc.layers.code_tuples import read_tuple  # few specs hold tuples

        return read_tuple(value)
    return value


def shown(value: Any) -> str:
    """A value as a message quotes it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(shown, value))}]"
    if isinstance(value, dict):
        return "a mapping"
    return f'"{shortened(value)}"' if isinstance(value, str) else repr(value)


def words_schema(words: tuple[str, ...]) -> JsonSchema:
    """One of `words`, in lower or upper case."""
    return {"type": "string", "enum": [*words, *(word.upper() for word in words)]}
