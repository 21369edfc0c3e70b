"""The file of a notebook: where a position of a cell is in the JSON text, which a fix changes in place."""

from __future__ import annotations

import json
import re
from functools import cached_property
from typing import Any

_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL
)
"""One character of a string as JSON writes it."""


class NotebookText:
    """The JSON text of a notebook.

    It is parsed when the first place is asked for: `data` is its value, and `strings` are the ranges of its strings,
    keys among them, in order. Neither changes.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def data(self) -> Any:
        return json.loads(self.text)

    @cached_property
    def strings(self) -> list[tuple[int, int]]:
        found = [each.span() for each in _STRING.finditer(self.text)]
        if len(found) != _strings_in(self.data):
            raise KeyError("a key that occurs twice")
        return found

    def offset(self, cell: int, line: int, column: int) -> int | None:
        """The offset of a position of a cell, all counted from 1; None if it is not certain.

        >>> NotebookText('{"cells": [{"source": ["a", "b = 1"]}]}').offset(1, 1, 6)
        33
        """
        try:
            found = self.data["cells"][cell - 1]
            key = "source" if "source" in found else "input"
            parts = found[key] if isinstance(found[key], list) else [found[key]]
            lines = "".join(parts).split("\n")
            place = sum(len(each) + 1 for each in lines[: line - 1]) + column - 1
            index = 0
            while index < len(parts) - 1 and place >= len(parts[index]):
                place -= len(parts[index])
                index += 1
            path = ["cells", cell - 1, key, *([index] if isinstance(found[key], list) else [])]
            return _offset(self.text, self.strings[_strings_before(self.data, path)], place)
        except (ValueError, KeyError, IndexError, TypeError, RecursionError):
            return None


def _offset(text: str, string: tuple[int, int], place: int) -> int | None:
    """Where a character of a string begins in the text."""
    at, end = string[0] + 1, string[1] - 1
    for _ in range(place):
        found = _CHARACTER.match(text, at, end)
        if found is None:
            return None
        at = found.end()
    return at


def _strings_before(value: Any, path: list[Any]) -> int:
    """The number of strings, keys among them, that are written before the one at a path."""
    if not path:
        return 0
    count = 0
    for key, each in value.items() if isinstance(value, dict) else enumerate(value):
        count += isinstance(value, dict)
        if key == path[0]:
            return count + _strings_before(each, path[1:])
        count += _strings_in(each)
    raise KeyError(path[0])


def _strings_in(value: Any) -> int:
    """The number of strings of a value, keys among them."""
    if isinstance(value, dict):
        return sum(1 + _strings_in(each) for each in value.values())
    if isinstance(value, list):
        return sum(map(_strings_in, value))
    return int(isinstance(value, str))
