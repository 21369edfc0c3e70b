"""Tuples as written in code: `(3, 3)`, `((1, 1), (2, 2))`, `(None, 7)`."""

from __future__ import annotations

import re
from typing import Any

_PART = re.compile(
    r"\s*(?:(?P<open>[(\[])|(?P<close>[)\]])|(?P<comma>,)"
    r"|(?P<value>None|~|[+-]?(?:[0-9]{1,40}\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?))\s*"
)
_DEEPEST = 20
_NUMERIC = re.compile(r"(?:[-+\s0-9.,()\[\]eE]|None|\$\{[^}]*\})*")


def is_tuple(text: str) -> bool:
    """Whether a text in parentheses holds numbers and a comma; no item of a spec begins like that."""
    return "," in text and text[:1] == "(" and text[-1:] == ")" and _NUMERIC.fullmatch(text) is not None


def read_tuple(text: str) -> Any:
    """The lists and numbers of a tuple; any other text unchanged. `(3)` is the number, as in Python."""
    stack: list[list[Any]] = [[]]
    commas: list[int] = [0]
    offset = 0
    while offset < len(text):
        found = _PART.match(text, offset)
        if found is None or len(stack) > _DEEPEST or (offset and len(stack) == 1):
            return text
        offset = found.end()
        separated = commas[-1] == len(stack[-1])
        if found["open"] and separated:
            stack.append([])
            commas.append(0)
        elif found["close"] and len(stack) > 1:
            items, count = stack.pop(), commas.pop()
            is_alone = found["close"] == ")" and len(items) == 1 and not count
            stack[-1].append(items[0] if is_alone else items)
        elif found["comma"] and not separated:
            commas[-1] += 1
        elif found["value"] and separated:
            stack[-1].append(_number(found["value"]))
        else:
            return text
    return stack[0][0] if len(stack) == 1 and stack[0] else text


def _number(text: str) -> int | float | None:
    if text in ("None", "~"):
        return None
    return int(text) if text.lstrip("+-").isdecimal() else float(text)
