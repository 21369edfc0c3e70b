"""Parsers for option values: shapes, sizes, settings of variables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import click

NamedShape = tuple[str, tuple[int | str, ...]]
"""An input's name (empty if there is only one input) and its shape; a capital letter is a size without a number."""

_UNITS: Mapping[str, int] = {
    "": 1,
    "b": 1,
    "kb": 1000,
    "mb": 1000**2,
    "gb": 1000**3,
    "kib": 1024,
    "mib": 1024**2,
    "gib": 1024**3,
}
_SIZE = r"([0-9]{1,30})\s*([a-zA-Z]*)"
_MOST_BRACKETS = 500
_SHAPE = (
    r"[0-9]{1,30}(?:[x×][0-9]{1,30})*"
    r"|\(\s*[0-9]{1,30}\s*(?:,\s*[0-9]{1,30}\s*)*,?\s*\)|\[\s*[0-9]{1,30}\s*(?:,\s*[0-9]{1,30}\s*)*\]"
)
"""`224x224x3`, `(224, 224, 3)`, `[224, 224, 3]`."""
_LETTERED = r"(?:[0-9]{1,30}|[A-Z])(?:[x×](?:[0-9]{1,30}|[A-Z]))*"


def parsed(parse: Callable[[str], Any]) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """A click callback that parses an option's text with `parse`; a ValueError becomes a usage error."""

    def callback(ctx: click.Context, parameter: click.Parameter, value: Any) -> Any:
        try:
            if isinstance(value, tuple):
                return tuple(map(parse, value))
            return None if value is None else parse(value)
        except ValueError as error:
            raise click.BadParameter(str(error), ctx, parameter) from None

    return callback


def device_text(text: str) -> str:
    """The text of `--device`. ValueError if it is empty."""
    if not text.strip():
        raise ValueError('it is empty: write a name, or "19.5 TFLOP/s, 1.5 TB/s"')
    return text


_LARGEST = 2**64


class Whole(click.IntRange):
    """A whole number within limits, written in ASCII digits only, unlike the numbers that Python's `int` accepts."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, str) and not value.isascii():
            self.fail(f'"{value}" is not a whole number', param, ctx)
        number = super().convert(value, param, ctx)
        if isinstance(number, int) and number > _LARGEST:
            self.fail("the number is larger than 2**64", param, ctx)
        return number


def read_shape(text: str) -> NamedShape:
    """`224x224x3`, `(224, 224, 3)` or `scalar`, each also after `name=`. Raises ValueError."""
    name, _, shape = text.rpartition("=")
    if shape in ("scalar", "[]", "()"):
        return name.strip(), ()
    sizes = tuple(int(part) for part in re.findall("[0-9]+", shape)) if re.fullmatch(_SHAPE, shape) else ()
    if not sizes and re.fullmatch(_LETTERED, shape):
        return name.strip(), tuple(int(part) if part.isdecimal() else part for part in re.split("[x×]", shape))
    if not sizes or 0 in sizes:
        from cnncalc.graph.hints import shape_hint

        raise ValueError(f'"{shape}" is not a shape; {shape_hint(shape)}')
    return name.strip(), sizes


def read_ranges(texts: Iterable[str]) -> dict[str, str]:
    """The values of `--vary`, `input=32..512`, by their names. Raises a usage error."""
    ranges: dict[str, str] = {}
    for text in texts:
        name, equals, values = text.partition("=")
        if not equals:
            raise click.UsageError("--vary needs NAME=RANGE, e.g. input=32..512")
        if name.strip() in ranges:
            raise click.UsageError(f"--vary: {name.strip()} is given twice")
        ranges[name.strip()] = values.strip()
    return ranges


def read_size(text: str) -> int:
    """A number of bytes: `20000`, `10MB`, `10MiB`. Raises ValueError."""
    found = re.fullmatch(_SIZE, text.strip())
    if not found or found[2].lower() not in _UNITS:
        raise ValueError(f'"{text}" is not a size; write bytes, or a number with KB, KiB, MB, MiB, GB, GiB')
    return int(found[1]) * _UNITS[found[2].lower()]


def read_setting(text: str) -> tuple[str, Any]:
    """`name=value`, with the value parsed as in a spec. Raises ValueError."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise ValueError(f'"{text}" is not a setting; write NAME=VALUE')
    if value.count("[") + value.count("(") > _MOST_BRACKETS:
        raise ValueError(f"the value contains more than {_MOST_BRACKETS} lists")
    return name.strip(), read_value(value.strip())


def read_value(text: str) -> Any:
    """A plain value from the command line: `12`, `0.5`, `true`, `relu`, `[3, 4, 6, 3]`, `[[1, 2], [3]]`, `(3, 4)`."""
    from cnncalc.reading.scalars import value_of

    if text[:1] + text[-1:] in ("[]", "()") and len(text) > 1:
        return [read_value(part.strip()) for part in _split_list(text[1:-1])]
    if len(text) > 1 and text[0] in "\"'" and text[-1] == text[0]:
        return text[1:-1]
    return value_of(text)


def _split_list(text: str) -> list[str]:
    """The items between the commas outside inner brackets."""
    items, depth = [""], 0
    for char in text:
        depth += {"[": 1, "(": 1, "]": -1, ")": -1}.get(char, 0)
        if char == "," and depth == 0:
            items.append("")
        else:
            items[-1] += char
    return [item for item in items if item.strip()]
