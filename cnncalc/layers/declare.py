"""Typed declarations of a layer's fields.

A layer class declares its fields as class attributes, `filters = declare.count("…", positional=True)`; each
declaration knows its help, limits, aliases and short form, reads a plain value (int, float, bool, text, list, None)
into the typed one, and describes itself to the reference docs and the JSON Schema. The declaring functions are typed
as what the field holds, so that a rule reads `self.filters` as an int.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from cnncalc.arithmetic.window import PADDING_WORDS
from cnncalc.diagnostics import Refusal, did_you_mean, shortened
from cnncalc.hidden_characters import hidden
from cnncalc.layers.tuples import read_tuple

PerAxis = int | tuple[int, ...]
"""One number for every axis, or one for each."""

PaddingValue = str | int | tuple[int | tuple[int, int], ...]
"""A padding word, one number for every side, or a number or (before, after) for each axis."""

SidesValue = int | tuple[int | tuple[int, int], ...]
"""One number for every side, or a number or (before, after) for each axis."""

AXIS_WORDS = ("channels", "length", "height", "width", "depth")

JsonSchema = dict[str, Any]

REQUIRED: Any = object()
"""The default of a field that must be given."""

_LARGEST_OFFERED = 10**15
_AXES = re.compile(r"-?[0-9]{1,40}(?:x-?[0-9]{1,40})+$")
_LARGEST, _TOO_LARGE = 2**128, "a number larger than 2**128, the largest allowed here"
_INTEGER = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,39})$")
_REAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?$|[+-]?\.?inf$", re.IGNORECASE)
_AXES_SCHEMA: JsonSchema = {"type": "string", "pattern": r"^(\d+([x×]\d+)*|\(.*\))$"}


class Field:
    """One field of a layer type: how it is written, what it may hold, what it means.

    A field whose name is a rule's (`shape`, `macs`) is declared with an underscore behind it: its `attribute` is
    `shape_`, its `name` `shape`.
    """

    __slots__ = (
        "aliases", "attribute", "axes", "choices", "default", "default_text", "help", "name", "parse", "positional",
        "schema", "short", "symbol",
    )  # fmt: skip

    def __init__(
        self, help: str, parse: Callable[[Any], Any], schema: JsonSchema, *, default: Any = REQUIRED,
        default_text: str = "", aliases: tuple[str, ...] = (), positional: bool = False, short: str = "",
        symbol: str = "", axes: bool = False, choices: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        self.name = ""
        self.attribute = ""
        self.help = help
        self.parse = parse
        self.schema = schema
        self.default = default
        self.default_text = default_text
        self.aliases = aliases
        self.positional = positional
        self.short = short
        self.symbol = symbol
        self.axes = axes
        self.choices = choices

    @property
    def required(self) -> bool:
        return self.default is REQUIRED

    def describe_default(self) -> str:
        """The default as the reference prints it; empty for a required field."""
        if self.required:
            return ""
        return self.default_text or show_value(self.default)


def show_value(value: Any) -> str:
    """A field's value as a user would write it: `8x8`, `same`, `true`."""
    if value is None:
        return "unset"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple) and value and all(isinstance(item, int) for item in value):
        return "x".join(str(int(item)) for item in value) if len(value) > 1 else f"[{int(value[0])}]"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_show_item, value)) + "]"
    return str(int(value)) if isinstance(value, int) else str(value)


def _show_item(item: Any) -> str:
    if item is None:
        return "~"
    return f"[{item[0]}, {item[1]}]" if isinstance(item, tuple) else str(item)


def as_integer(value: Any, minimum: int) -> int:
    """`value` as an int of at least `minimum`; Refusal otherwise."""
    if isinstance(value, str) and _INTEGER.match(value):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        hint = f"write {int(value)}" if minimum <= value < _LARGEST_OFFERED else ""
        raise Refusal(f"got {value!r}, but a whole number is needed", hint=hint, code="E204")
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refusal(f"got {_show(value)}, but a whole number is needed", code="E204")
    if not minimum <= value <= _LARGEST:
        what = "it must be at least" if abs(value) <= _LARGEST else ""
        raise Refusal(f"got {value}, but {what} {minimum}" if what else _TOO_LARGE, code="E204" if what else "E103")
    return value


def _show(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_show, value))}]"
    if isinstance(value, dict):
        return "a mapping"
    return f'"{shortened(value)}"' if isinstance(value, str) else repr(value)


def split_axes(value: Any) -> Any:
    """`"8x8"` and `"(8, 8)"` as the list [8, 8], `"scalar"` as the empty one; every other value as it is."""
    if value == "scalar":
        return []
    if isinstance(value, str) and _AXES.match(value.replace("×", "x")):
        return [int(part) for part in value.replace("×", "x").split("x")]
    return read_tuple(value) if isinstance(value, str) and value[:1] == "(" else value


def count(
    help: str, *, minimum: int = 1, default: Any = REQUIRED, aliases: tuple[str, ...] = (), positional: bool = False,
    short: str = "", symbol: str = "", default_text: str = "",
) -> int:  # fmt: skip
    """A whole number of at least `minimum`."""
    return Field(
        help, lambda value: as_integer(value, minimum), {"type": "integer", "minimum": minimum},
        default=default, aliases=aliases, positional=positional, short=short, symbol=symbol, default_text=default_text,
    )  # type: ignore[return-value]  # fmt: skip


def optional_count(help: str, *, default_text: str, minimum: int = 1, aliases: tuple[str, ...] = ()) -> int | None:
    """Like `count`, or None where the spec leaves it unsaid."""
    return count(help, minimum=minimum, default=None, aliases=aliases, default_text=default_text)


def per_axis(
    help: str, *, minimum: int = 1, default: Any = REQUIRED, aliases: tuple[str, ...] = (), positional: bool = False,
    short: str = "", symbol: str = "", default_text: str = "",
) -> PerAxis:  # fmt: skip
    """A whole number for every axis, or a list with one for each."""

    def parse(value: Any) -> PerAxis:
        value = split_axes(value)
        if isinstance(value, list):
            if not value:
                raise Refusal("got an empty list, but one number an axis is needed", code="E204")
            return tuple(as_integer(item, minimum) for item in value)
        return as_integer(value, minimum)

    number = {"type": "integer", "minimum": minimum}
    axes = {"type": "array", "items": number, "minItems": 1}
    return Field(
        help, parse, {"anyOf": [number, axes, _AXES_SCHEMA]}, default=default, aliases=aliases, positional=positional,
        short=short, symbol=symbol, axes=True, default_text=default_text,
    )  # type: ignore[return-value]  # fmt: skip


def optional_per_axis(
    help: str, *, minimum: int = 1, aliases: tuple[str, ...] = (), positional: bool = False, short: str = "",
    symbol: str = "", default_text: str = "",
) -> PerAxis | None:  # fmt: skip
    """Like `per_axis`, or None where the spec leaves it unsaid."""
    return per_axis(
        help, minimum=minimum, default=None, aliases=aliases, positional=positional, short=short, symbol=symbol,
        default_text=default_text,
    )  # fmt: skip


def padding(
    help: str, *, default: Any = 0, words: tuple[str, ...] = PADDING_WORDS, aliases: tuple[str, ...] = (),
    positional: bool = False, minimum: int = 0,
) -> PaddingValue:  # fmt: skip
    """A padding word, a number for every side, or a list with a number or [before, after] for each axis."""

    def parse(value: Any) -> PaddingValue:
        value = split_axes(value)
        if isinstance(value, str) and not _INTEGER.match(value):
            return _word(value, words, "or numbers")
        if isinstance(value, list):
            if not value:
                raise Refusal("got an empty list, but one number an axis is needed", code="E204")
            return tuple(_side(item, minimum) for item in value)
        return as_integer(value, minimum)

    number = {"type": "integer", "minimum": minimum}
    pair = {"type": "array", "items": number, "minItems": 2, "maxItems": 2}
    sides = {"type": "array", "items": {"anyOf": [number, pair]}, "minItems": 1}
    return Field(
        help, parse, {"anyOf": [number, sides, _words_schema(words), _AXES_SCHEMA]},
        default=default, short="p", symbol="P", axes=True, aliases=aliases, choices=words, positional=positional,
    )  # type: ignore[return-value]  # fmt: skip


def sides(
    help: str, *, aliases: tuple[str, ...] = (), short: str = "", symbol: str = "", minimum: int = 0
) -> SidesValue:
    """A number for every side, or a list with a number or [before, after] for each axis; required, positional."""

    def parse(value: Any) -> SidesValue:
        value = split_axes(value)
        if isinstance(value, list) and value:
            return tuple(_side(item, minimum) for item in value)
        return as_integer(value, minimum)

    number = {"type": "integer", "minimum": minimum}
    pair = {"type": "array", "items": number, "minItems": 2, "maxItems": 2}
    listed = {"type": "array", "items": {"anyOf": [number, pair]}, "minItems": 1}
    return Field(
        help, parse, {"anyOf": [number, listed, _AXES_SCHEMA]}, aliases=aliases, positional=True, short=short,
        symbol=symbol, axes=True,
    )  # type: ignore[return-value]  # fmt: skip


def axis(
    help: str, *, default: str | None = "channels", aliases: tuple[str, ...] = (), default_text: str = ""
) -> str | int:
    """An axis: its name, its place from 1 without the batch axis, or −1 for the last; None leaves it unsaid."""

    def parse(value: Any) -> str | int:
        if isinstance(value, str) and not _INTEGER.match(value):
            return _word(value, AXIS_WORDS, "or its place from 1")
        place = as_integer(value, -4)
        if place == 0:
            raise Refusal("got 0, which is the batch axis", hint="count from 1, or -1 for the last axis", code="E204")
        return place

    place = {"type": "integer", "minimum": -4, "not": {"const": 0}}
    schema = {"anyOf": [_words_schema(AXIS_WORDS), place]}
    return Field(help, parse, schema, default=default, aliases=aliases, choices=AXIS_WORDS, default_text=default_text)  # type: ignore[return-value]


def words(help: str, *, aliases: tuple[str, ...] = ()) -> tuple[str, ...]:
    """A list of names of the user's own; none unless given."""

    def parse(value: Any) -> tuple[str, ...]:
        items = value if isinstance(value, list) else [value]
        if not items or any(isinstance(item, list | dict | bool | None) or not str(item) for item in items):
            raise Refusal(f"got {_show(value)}, but a list of names is needed", code="E204")
        if any(hidden(str(item)) for item in items):
            raise Refusal(f"got {_show(value)}, but a name has no invisible characters", code="E204")
        return tuple(map(str, items))

    schema = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": ["string", "integer"]}, "minItems": 1}]}
    return Field(help, parse, schema, default=(), default_text="none", aliases=aliases)  # type: ignore[return-value]


def text(help: str, *, default: str = REQUIRED, aliases: tuple[str, ...] = (), default_text: str = "") -> str:
    """A text of the user's own, whose form the layer's rule checks."""

    def parse(value: Any) -> str:
        if not isinstance(value, str):
            raise Refusal(f"got {_show(value)}, but a text is needed", code="E204")
        return value

    return Field(help, parse, {"type": "string"}, default=default, aliases=aliases, default_text=default_text)  # type: ignore[return-value]


def layer(help: str) -> Any:
    """Another layer, written as an item of its own; the graph's builder makes it, and this field holds it."""

    def parse(value: Any) -> Any:
        raise Refusal(f"got {_show(value)}, but an item that names a layer is needed", code="E209")

    return Field(help, parse, {"anyOf": [{"type": "string"}, {"type": "object"}]})


def _side(value: Any, minimum: int) -> int | tuple[int, int]:
    value = split_axes(value)
    if isinstance(value, list):
        if len(value) != 2:
            raise Refusal(f"got {value}, but [before, after] is needed", code="E204")
        return as_integer(value[0], minimum), as_integer(value[1], minimum)
    return as_integer(value, minimum)


def _word(value: Any, words: tuple[str, ...], also: str = "") -> str:
    lowered = value.lower().replace("-", "_") if isinstance(value, str) else value
    if lowered in words:
        return str(lowered)
    allowed = ", ".join(words) + (f", {also}" if also else "")
    hint = did_you_mean(str(value), words)
    raise Refusal(f"unknown word {_show(value)}. Allowed: {allowed}", hint=hint, code="E204")


def _words_schema(words: tuple[str, ...]) -> JsonSchema:
    return {"type": "string", "enum": [*words, *(word.upper() for word in words)]}


def choice(
    help: str, words: tuple[str, ...], *, default: Any = REQUIRED, aliases: tuple[str, ...] = (),
    default_text: str = "",
) -> str:  # fmt: skip
    """One of a set of words; a bare word in an item's short form finds the field that allows it."""
    return Field(
        help, lambda value: _word(value, words), _words_schema(words), default=default, aliases=aliases,
        choices=words, default_text=default_text,
    )  # type: ignore[return-value]  # fmt: skip


def flag(help: str, *, default: Any, aliases: tuple[str, ...] = (), default_text: str = "") -> bool:
    """True or false, or ONNX's 1 or 0; None as default leaves it to the convention."""

    def parse(value: Any) -> bool:
        if isinstance(value, int) and value in (0, 1):  # a bool is an int
            return bool(value)
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        raise Refusal(f"got {_show(value)}, but true or false is needed", code="E204")

    return Field(help, parse, {"type": "boolean"}, default=default, aliases=aliases, default_text=default_text)  # type: ignore[return-value]


def number(
    help: str, *, default: Any = REQUIRED, minimum: float | None = None, maximum: float | None = None,
    aliases: tuple[str, ...] = (), positional: bool = False, default_text: str = "",
) -> float:  # fmt: skip
    """A real number within limits: a rate, a slope, an epsilon. It never takes part in a shape."""
    schema: JsonSchema = {"type": "number"}
    if minimum is not None:
        schema["minimum"] = minimum
    if maximum is not None:
        schema["maximum"] = maximum

    def parse(value: Any) -> float:
        if isinstance(value, str) and _REAL.match(value):
            value = float(value.replace(".inf", "inf"))
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Refusal(f"got {_show(value)}, but a number is needed", code="E204")
        if (minimum is not None and value < minimum) or (maximum is not None and value > maximum):
            bounds = f"at least {minimum}" if maximum is None else f"between {minimum} and {maximum}"
            raise Refusal(f"got {value}, but it must be {bounds}", code="E204")
        return float(value)

    return Field(
        help, parse, schema, default=default, aliases=aliases, positional=positional, default_text=default_text
    )  # type: ignore[return-value]


def optional_number(
    help: str, *, default_text: str, minimum: float | None = None, aliases: tuple[str, ...] = (),
    positional: bool = False,
) -> float | None:  # fmt: skip
    """A real number, or None where the spec leaves it to the convention."""
    return number(
        help, default=None, minimum=minimum, aliases=aliases, positional=positional, default_text=default_text
    )


def dimensions(
    help: str, *, default: Any = REQUIRED, wildcard: bool = False, aliases: tuple[str, ...] = (),
    positional: bool = True, symbol: str = "", scalar: bool = False,
) -> tuple[int, ...]:  # fmt: skip
    """A shape: `7x7x64`, a list, or one number; one axis may be −1, or none be there, where that is allowed."""

    def parse(value: Any) -> tuple[int, ...]:
        value = split_axes(value)
        items = value if isinstance(value, list) else [value]
        shape = tuple(as_integer(item, -1 if wildcard else 1) for item in items)
        if (not shape and not scalar) or 0 in shape or shape.count(-1) > 1:
            allowed = ", at most one of them -1" if wildcard else ""
            raise Refusal(f"got {_show(value)}, but a shape of sizes from 1 is needed{allowed}", code="E204")
        return shape

    integer = {"type": "integer", "minimum": -1 if wildcard else 1}
    least, text = (0, r"^(-?\d+([x×]-?\d+)*|\(.*\)|scalar)$") if scalar else (1, r"^(-?\d+([x×]-?\d+)*|\(.*\))$")
    listed = {"type": "array", "items": integer, "minItems": least}
    schema = {"anyOf": [integer, listed, {"type": "string", "pattern": text}]}
    return Field(
        help, parse, schema, default=default, aliases=aliases, positional=positional, axes=True, symbol=symbol,
        choices=("scalar",) if scalar else (),
    )  # type: ignore[return-value]  # fmt: skip
