"""Arrays as answers: nested lists, rows of numbers, LaTeX matrices."""

from __future__ import annotations

import re

from cnncalc.homework.answers.numbers import read_number
from cnncalc.homework.answers.problems import check_length, unreadable
from cnncalc.homework.answers.sums import LEADING, MOST_DEPTH, WrittenNumber

MOST_ARRAY_CHARACTERS = 20_000

Nested = WrittenNumber | list["Nested"]
"""A number, or a nested list of numbers."""

_ARRAY_TOKEN = re.compile(r"[\[\]]|[^\[\]\s,;][^\[\]]*")
_CALL = re.compile(r"^\s*[A-Za-z_.]+\s*\(\s*(\[.*\])[^\[\]]*\)\s*$", re.DOTALL)
_HINT = "write an array such as [[1, 0], [4, 6]]"
_AROUND_FACTOR = re.compile(r"\s*(\*\*|[*/^·×÷⋅])\s*")
_AROUND_SIGN = re.compile(r"(?<=[\w)])\s*([-+−])\s+")
_BRACKETS = str.maketrans("{}", "[]")
_PARENTHESES = str.maketrans("()", "[]")
_MATRIX = re.compile(r"\\begin\{([bpvBV]?matrix|array)\}(?:\{[lcr|]*\})?(.*?)\\end\{\1\}", re.DOTALL)


def read_array(text: str) -> Nested:
    """Parse nested lists of numbers, each with the digits written. Raises SpecError.

    Brackets as in `[[1, 0], [4, 6]]`; separators are commas, semicolons between rows, or spaces, as in NumPy and
    Matlab. Without brackets, lines or semicolons separate the rows.
    """
    check_length(text, MOST_ARRAY_CHARACTERS)
    inner = LEADING.sub("", _without_matrix(text)).translate(_BRACKETS)
    if "[" in inner:
        inner = _CALL.sub(r"\1", inner)  # array([…]), tensor([…])
    elif "," in inner:
        inner = inner.translate(_PARENTHESES)
    found: list[Nested] = []
    stack = [found]
    for token in _ARRAY_TOKEN.finditer(inner if "[" in inner else _bare(inner)):
        mark = token.group()
        if mark == "[":
            deeper: list[Nested] = []
            stack[-1].append(deeper)
            stack.append(deeper)
        elif mark == "]" and len(stack) > 1:
            stack.pop()
        elif mark == "]" or len(stack) > MOST_DEPTH:
            raise unreadable(text, 0, len(text), f'"{text.strip()[:60]}" is not an array', _HINT)
        else:
            stack[-1].extend(_row(mark))
    if len(stack) > 1 or len(found) != 1:
        raise unreadable(text, 0, len(text), f'"{text.strip()[:60]}" is not an array', _HINT)
    return found[0]


def _without_matrix(text: str) -> str:
    """A LaTeX matrix with brackets around its rows, separated by semicolons."""
    found = _MATRIX.search(text.strip().strip("$ "))
    if found is None:
        return text
    rows = re.sub(r"\\hline|\\\s*$", "", found[2]).replace("\\\\", ";").replace("&", " ")
    return f"[{rows.strip().strip(';')}]"


def _bare(text: str) -> str:
    """Rows without brackets, in brackets; a single number remains one."""
    rows = [row.strip().strip("|") for row in re.split(r"[\n;]", text) if row.strip().strip("|")]
    if len(rows) > 1:
        return f"[{';'.join(rows)}]"
    return f"[{rows[0]}]" if rows and len(_words(rows[0])) > 1 else text


def _row(text: str) -> list[Nested]:
    """The numbers between two brackets, or the rows separated by semicolons."""
    rows: list[Nested] = []
    for row in text.split(";"):
        numbers: list[Nested] = [read_number(word) for word in _words(row)]
        rows += numbers if ";" not in text else [numbers] if numbers else []
    return rows


def _words(row: str) -> list[str]:
    """The parts between commas, or between spaces: `1 -2` is two numbers, `1 - 2` and `1-2` are one."""
    row = " ".join(row.split())  # the patterns take a time that is quadratic in the length of a space
    row = _AROUND_FACTOR.sub(r"\1", _AROUND_SIGN.sub(r"\1", row))
    return row.replace(",", " ").split()
