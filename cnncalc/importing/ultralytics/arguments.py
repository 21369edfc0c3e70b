"""The arguments of a row, checked against the declaration of its module: `c2 n shortcut=False g=1 e=0.5`.

A declaration lists the library's parameters in order. `c2` is the number of output channels, which the width scales,
and `n` the number of repeats, which the row gives. Others have the type of their default, or the one after a colon:
`int`, `ints` (one or a list), `bool`, `real`, `list`, `text`, `any`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType, SimpleNamespace
from typing import Any, NamedTuple

from cnncalc.diagnostics import shortened
from cnncalc.importing.ultralytics.model_yaml import LARGEST, ModelRow
from cnncalc.number_text import plural

_TOKEN = re.compile(r"(\w+)(?::(\w+))?(?:=(\S+))?")


class RowArguments(SimpleNamespace):
    """The values of a module's parameters, by their names, and `count`, the number of arguments in the row."""


class ModuleParameter(NamedTuple):
    """A parameter of a module: its name, its type, and its default if it has one."""

    name: str
    kind: str
    is_required: bool
    default: Any = None


def declared(text: str) -> tuple[ModuleParameter, ...]:
    """The parameters of a declaration."""
    return tuple(_parameter(*found.groups()) for found in map(_TOKEN.fullmatch, text.split()) if found)


def _parameter(name: str, kind: str | None, default: str | None) -> ModuleParameter:
    value = ast.literal_eval(default) if default is not None else None
    guessed = {bool: "bool", int: "int", float: "real", tuple: "list", str: "text"}.get(type(value), "int")
    return ModuleParameter(name, kind or guessed, default is None, value)


def bound(row: ModelRow, parameters: tuple[ModuleParameter, ...], given: Mapping[str, Any]) -> RowArguments:
    """The arguments of a row by name. `given` are those that the row does not list, such as `n`."""
    listed = [each for each in parameters if each.name not in given]
    _check_count(row, listed)
    values = {each.name: each.default for each in listed}
    for place, (parameter, value) in enumerate(zip(listed, row.arguments, strict=False)):
        values[parameter.name] = _checked(row, place, parameter, value)
    return RowArguments(**values, **given, count=len(row.arguments))


def _check_count(row: ModelRow, listed: list[ModuleParameter]) -> None:
    count, needed = len(row.arguments), sum(each.is_required for each in listed)
    signature = "[" + ", ".join(_signature(listed)) + "]"
    if count > len(listed):
        at_most = plural(len(listed), "argument")
        row.fail(
            f"takes at most {at_most}, got {count}", f"its arguments are {signature}", row.argument_span(len(listed))
        )
    if count < needed:
        missing = ", ".join(each.name for each in listed[count:needed])
        row.fail(f"{missing} is missing", f"its arguments are {signature}")


def _signature(listed: list[ModuleParameter]) -> Iterator[str]:
    for each in listed:
        yield each.name if each.is_required else f"{each.name}={each.default}"


def _checked(row: ModelRow, place: int, parameter: ModuleParameter, value: Any) -> Any:
    if value is None and (parameter.default is None and not parameter.is_required):
        return None
    wanted, accepts = _KINDS[parameter.kind]
    if isinstance(value, str) and parameter.kind != "text" and value == parameter.name:
        row.fail(f"the file has no key {value}", f"add {value}: before the rows", row.argument_span(place))
    if not accepts(value):
        text = f'"{value}"' if isinstance(value, str) else str(value)
        hint = _NAMES_HINT if isinstance(value, str) else ""
        row.fail(f"{parameter.name} must be {wanted}, got {shortened(text)}", hint, row.argument_span(place))
    numbers = value if isinstance(value, list | tuple) else [value]
    is_limited = parameter.name in _LEAST and parameter.kind in ("int", "ints", "real")
    smallest = min(numbers, default=1) if is_limited else 1
    if smallest < 0 or (parameter.name in _POSITIVE and not smallest):
        least = "at least 0" if parameter.name not in _POSITIVE else "above 0"
        row.fail(f"{parameter.name} must be {least}, got {value}", span=row.argument_span(place))
    return value


_NAMES_HINT = "a word can only be a key that the library knows, such as nc, kpt_shape or anchors"


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST


def _is_real(value: Any) -> bool:
    return isinstance(value, int | float) and abs(value) <= LARGEST


def _are_integers(value: Any) -> bool:
    """Whether a value is a number, or a list of two."""
    return _is_integer(value) or (isinstance(value, list | tuple) and len(value) == 2 and all(map(_is_integer, value)))


_POSITIVE = (
    "c2", "c1", "c3", "c4", "cm", "c", "out", "width", "k", "s", "g", "d", "nc", "heads", "nm", "npr", "embed", "hd",
    "nq", "points", "d_ffn", "ec", "ct", "gc", "inside", "blocks", "e", "ne", "gain",
)  # fmt: skip
"""The parameters that are at least 1, or above 0 where they are not whole numbers."""
_LEAST = (*_POSITIVE, "p", "q", "pools", "rate")
_KINDS: Mapping[str, tuple[str, Callable[[Any], bool]]] = MappingProxyType({
    "int": ("a whole number", _is_integer),
    "ints": ("a whole number or a list of two", _are_integers),
    "bool": ("True or False", lambda value: isinstance(value, bool) or value in (0, 1)),
    "real": ("a number", _is_real),
    "list": ("a list of whole numbers", lambda value: isinstance(value, list | tuple) and all(map(_is_integer, value))),
    "text": ("a word", lambda value: isinstance(value, str)),
    "any": ("a value", lambda value: True),
})  # fmt: skip
