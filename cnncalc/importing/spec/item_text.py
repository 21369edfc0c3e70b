"""The text of one item: `conv 64 7x7 s2 p3 bias=false`, or a mapping in braces where a line cannot say it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from cnncalc.arithmetic.convention import CONVENTIONS
from cnncalc.layers.base import Layer
from cnncalc.layers.declare import REQUIRED, Field
from cnncalc.layers.registry import find

_WORD = re.compile(r"[A-Za-z_][\w.\-]*")
_EXPRESSION = re.compile(r"\$\{[^{}]*\}")
_PLAIN = re.compile(r"[\w./+\-]+")
_AMBIGUOUS = re.compile(r"(?![1-9]\d*(?:x[1-9]\d*)+$)[-+.0-9].*|true|false|null|yes|no|on|off|y|n|~", re.IGNORECASE)
"""Texts that YAML readers take for numbers, bools or nothing."""


class Style(NamedTuple):
    """The convention of the spec, which decides the values that may be left out."""

    convention: str


class SpecExpression(str):
    """An expression in the place of a number: `${4 * width}`."""

    __slots__ = ()


class WordExpression(SpecExpression):
    """An expression whose value may be a word: `padding=${padding}`, not `p${padding}`."""

    __slots__ = ()


def item_text(kind: str, fields: Mapping[str, Any], common: Mapping[str, Any], style: Style) -> str:
    """An item with its fields, its activation among `common`, as YAML on one line, without the dash.

    >>> item_text("conv", {"filters": 64, "kernel": [3, 3], "stride": [2, 2], "bias": False}, {}, Style("pytorch"))
    'conv 64 3x3 s2 bias=false'
    """
    fields = without_defaults(kind, fields, style)
    tokens = _tokens(kind, fields, common)
    if tokens is not None:
        return quoted(" ".join([kind, *tokens]))
    return flow({kind: {**fields, **common}})


def wrapped_text(kinds: tuple[str, ...], fields: Mapping[str, Any], common: Mapping[str, Any], style: Style) -> str:
    """An item whose types wrap one another, outermost first; the fields are those of the innermost.

    >>> wrapped_text(("time_distributed", "dense"), {"units": 10}, {}, Style("keras"))
    'time_distributed(dense 10)'
    """
    *around, kind = kinds
    if not around:
        return item_text(kind, fields, common, style)
    tokens = _tokens(kind, without_defaults(kind, fields, style), {})
    if tokens is None or common:
        item: Any = {kind: without_defaults(kind, fields, style)}
        for wrapper in reversed(around):
            item = {wrapper: {"layer": item, **(common if wrapper == around[0] else {})}}
        return flow(item)
    return quoted("(".join([*around, " ".join([kind, *tokens])]) + ")" * len(around))


def without_defaults(kind: str, fields: Mapping[str, Any], style: Style) -> dict[str, Any]:
    """The fields of a type that the convention would not have by itself, one number in place of equal ones."""
    found = find(kind)
    declared = found[0].fields if found else {}
    kept = {}
    for name, value in fields.items():
        field = declared.get(name)
        value = _compact(value, field, found[0] if found else None)
        if field is None or not _is_default(name, value, field, fields, style):
            kept[name] = value
    return kept


def _compact(value: Any, field: Field | None, kind: type[Layer] | None) -> Any:
    """One number for equal ones along every axis, except of a kernel, which shows its axes."""
    if isinstance(value, tuple):
        value = list(value)
    per_axis = field is not None and field.axes and (field.short or field.name == "output_padding")
    if not per_axis or not isinstance(value, list) or not value or any(each != value[0] for each in value):
        return value
    if kind is not None and "kernel" in kind.fields and field is not None and field.name == "kernel":
        return value
    return value[0] if isinstance(value[0], int) else value


def _is_default(name: str, value: Any, field: Field, fields: Mapping[str, Any], style: Style) -> bool:
    if name == "stride" and field.default is None:  # a pool
        kernel = fields.get("kernel")
        usual = kernel if CONVENTIONS[style.convention].pool_stride == "kernel" else 1
        return usual is not None and _axes(value) == _axes(usual)
    if field.default is REQUIRED or name == "buffer":  # the default of a buffer depends on `trainable`
        return False
    if field.default is None or value is None:
        return value is field.default
    return type(value) is type(field.default) and bool(value == field.default)


def _axes(value: Any) -> Any:
    """A value in which one number and equal ones are the same."""
    listed = list(value) if isinstance(value, list | tuple) else [value]
    return listed[0] if all(each == listed[0] for each in listed) else listed


def _tokens(kind: str, fields: Mapping[str, Any], common: Mapping[str, Any]) -> list[str] | None:
    """The words of a line after the type; None where a value needs a mapping."""
    found = find(kind)
    if found is None:
        return None
    tokens: list[str] = []
    named: list[str] = []
    declared = found[0].fields
    given = [name for name, field in declared.items() if field.positional]
    ordered = [*[name for name in given if name in fields], *[name for name in fields if name not in given]]
    is_positional = True
    for name in ordered:
        field = declared.get(name)
        is_positional = is_positional and _by_position(field, len(tokens), given)
        token = _token(fields[name], field, positional=is_positional)
        if token is None:
            return None
        (tokens if is_positional else named).append(token)
    activation = common.get("activation")
    is_word = isinstance(activation, SpecExpression) or (isinstance(activation, str) and _WORD.fullmatch(activation))
    if activation is not None and not is_word:
        return None
    rest = []
    for key, value in common.items():
        text = _argument(value)
        if key == "activation":
            continue
        if text is None:
            return None
        rest.append(f"{key}={text}")
    return [*tokens, *named, *([activation] if activation else []), *rest]


def _by_position(field: Field | None, place: int, given: list[str]) -> bool:
    """Whether a field is written without its name: those with a letter of their own only at the beginning."""
    if field is None or not field.positional or given.index(field.name) != place:
        return False
    return not field.short or place == 0 or field.name == "kernel"


def _token(value: Any, field: Field | None, *, positional: bool) -> str | None:
    text = _argument(value)
    if text is None or field is None:
        return None
    if field.axes and isinstance(value, list) and len(value) > 1 and all(map(_is_written_size, value)):
        text = "x".join(map(str, value))
        if positional:
            return text
    if positional and (isinstance(value, SpecExpression | int | float) and not isinstance(value, bool)):
        return text if not text.startswith("-") else f"{field.name}={text}"
    if positional and isinstance(value, list) and len(value) == 1 and _is_size(value[0]):
        return str(value[0])
    if field.short and (_is_size(value) or isinstance(value, SpecExpression)) and type(value) is not WordExpression:
        return f"{field.short}{text}"
    if isinstance(value, str) and value in field.choices and _WORD.fullmatch(value) and field.name == "padding":
        return value
    return f"{field.name}={text}"


def _is_size(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_written_size(value: Any) -> bool:
    return _is_size(value) or isinstance(value, SpecExpression)


def _argument(value: Any) -> str | None:
    """A value as it follows `key=`; None where a line cannot hold it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, SpecExpression):
        return str(value)
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return value if _WORD.fullmatch(value) and not _AMBIGUOUS.fullmatch(value) else None
    if (
        isinstance(value, list)
        and value
        and all(isinstance(each, int | str) and not isinstance(each, bool) for each in value)
    ):
        parts = [_argument(each) for each in value]
        return f"[{', '.join(part or '' for part in parts)}]" if all(parts) else None
    return None


def quoted(text: str) -> str:
    """A text as a plain scalar of YAML where that is safe, else in quotes."""
    bare = _EXPRESSION.sub("x", text)
    special = bare[:1] in "-?:,[]{}#&*!|>'\"%@`" or ": " in text or " #" in text or text.endswith(":")
    if text and not special and text.isprintable() and text == text.strip() and not _AMBIGUOUS.fullmatch(text):
        return text
    return double_quoted(text)


def double_quoted(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=not text.isprintable())


def flow(value: Any) -> str:
    """A value as YAML in one line, `{conv: {filters: 64, kernel: [3, 3]}}`."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{quoted(str(key))}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) and not _AMBIGUOUS.fullmatch(value) else double_quoted(value)
    return {"True": "true", "False": "false", "None": "~"}.get(repr(value), repr(value))
