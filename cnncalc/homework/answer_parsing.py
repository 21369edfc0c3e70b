"""Parsing of answers, in the usual notations, into exact numbers and shapes.

A number may be an integer with separators (`756,560`, `756 560`), a rounded one (`0.76M`, `7.6e5`), or arithmetic
(`(8*8*3+1)*20`, `8²·3`); a shape may have any brackets and any of `x`, `×`, `*`, commas and spaces between its sizes,
and a batch axis in front. A leading `=` or `≈` is ignored. Nothing is executed: answers have only the grammar below,
and its numbers are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Diagnostic, Source, Span, SpecError

MOST_CHARACTERS = 200
MOST_DIGITS = 40
MOST_ARRAY_CHARACTERS = 20_000
MOST_DEPTH = 16

_THIN = "\u00a0\u2007\u2009\u202f"
_UNITS: Mapping[str, int] = {
    "": 1, "%": 1, "k": 10**3, "thousand": 10**3, "m": 10**6, "million": 10**6, "mn": 10**6, "mio": 10**6, "g": 10**9,
    "billion": 10**9, "bn": 10**9, "b": 1, "bytes": 1, "byte": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10,
    "mib": 2**20, "gib": 2**30, "ki": 2**10, "mi": 2**20, "gi": 2**30, "t": 10**12, "px": 1, "pixels": 1, "params": 1,
    "parameters": 1, "weights": 1, "macs": 1, "flops": 1, "times": 1, "kmacs": 10**3, "mmacs": 10**6, "gmacs": 10**9,
    "kflops": 10**3, "mflops": 10**6, "gflops": 10**9,
}  # fmt: skip
_TOKEN = re.compile(
    rf"(?P<grouped>\d{{1,3}}(?:(?P<comma>[,'_ {_THIN}])\d{{3}})(?:(?P=comma)\d{{3}})*(?:\.\d+)?(?![\d]))"
    r"|(?P<number>\d+(?:\.\d*|,(?!\d{3}(?!\d))\d+)?|\.\d+)(?P<exponent>[eE][+-]?\d{1,3})?"
    r"|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|(?P<word>[A-Za-z%]+)|(?P<operator>\*\*|[-+*/^()·×÷−⋅])|(?P<space>\s+)"
)
_SAME_OPERATOR: Mapping[str, str] = {"·": "*", "×": "*", "⋅": "*", "÷": "/", "−": "-", "^": "**"}
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_LEADING = re.compile(r"^\s*[=≈~]\s*(?=\S)")
_BATCH = ("none", "null", "?", "-1", "n", "b", "batch")
_MOST_POWER = 64
_SIZE = re.compile(r"\d+(?:\.\d*)?|\.\d+")
_NO_FIT = frozenset(
    f"{subject}{verb} not fit{rest}"
    for subject in ("", "it ", "the window ", "the kernel ", "the filter ", "they ")
    for verb in ("does", "do", "will")
    for rest in ("", " evenly", " the input")
) | {
    "impossible", "it is impossible", "not possible", "it is not possible", "invalid", "it is invalid", "not valid",
    "it is not valid", "illegal", "error", "undefined", "not an integer", "it is not an integer", "no integer",
    "not a whole number", "it is not a whole number", "no fit", "no such size", "not an integer size", "none fits",
}  # fmt: skip


class WrittenNumber(NamedTuple):
    """A parsed number: its value, and half a unit of the last digit if it was rounded, else 0."""

    value: Fraction
    tolerance: Fraction
    rounded: bool
    """Whether it was written with a decimal point, an exponent or a unit, so that digits may be missing."""
    note: str = ""

    def says(self, right: int | Fraction) -> bool:
        """Whether this equals a number to the digits written."""
        return abs(self.value - right) <= self.tolerance


class WrittenShape(NamedTuple):
    """A parsed shape; `batch` is the text of the batch axis in front of it, if any."""

    sizes: Shape
    batch: str = ""
    written: tuple[WrittenNumber, ...] = ()
    """The sizes with their digits if one is not whole: 2.33x2.33x8. They are not a valid shape."""

    def says(self, sizes: tuple[int | Fraction, ...]) -> bool:
        """Whether these equal fractional sizes, to the digits written; one number applies to all of them."""
        if len(self.written) == 1:
            sizes = tuple(size for size in sizes if Fraction(size).denominator > 1)
            return bool(sizes) and all(self.written[0].says(size) for size in sizes)
        same_rank = len(sizes) == len(self.written)
        return same_rank and all(size.says(right) for size, right in zip(self.written, sizes, strict=True))


Nested = WrittenNumber | list["Nested"]
"""A number, or a nested list of numbers."""

_ARRAY_TOKEN = re.compile(r"[\[\]]|[^\[\]\s,;][^\[\]]*")
_CALL = re.compile(r"^\s*[A-Za-z_.]+\s*\(\s*(\[.*\])[^\[\]]*\)\s*$", re.DOTALL)
_ARRAY_HINT = "write an array such as [[1, 0], [4, 6]]"
_AROUND_FACTOR = re.compile(r"\s*(\*\*|[*/^·×÷⋅])\s*")
_AROUND_SIGN = re.compile(r"(?<=[\w)])\s*([-+−])\s+")
_BRACKETS = str.maketrans("{}", "[]")
_PARENTHESES = str.maketrans("()", "[]")


def read_number(text: str) -> WrittenNumber:
    """Parse a number, or arithmetic of numbers. Raises SpecError with the position that cannot be parsed."""
    _check_length(text)
    reader = _SumReader(text)
    number = reader.sum()
    if reader.left:
        reader.fail(f'"{reader.left.group()}" is not part of a number')
    return number


def read_shape(text: str) -> WrittenShape:
    """Parse a shape. Raises SpecError with the position that cannot be parsed."""
    _check_length(text)
    inner = text.strip().lstrip("=≈~").strip()
    inner = re.sub(r"^[A-Za-z_.]+\s*(?=[(\[])", "", inner)  # torch.Size(…), TensorShape(…)
    while inner[:1] in tuple("[({") and inner[-1:] in tuple("])}"):
        inner = inner[1:-1].strip()
    if inner.lower() == "scalar" or text.strip() in ("[]", "()"):
        return WrittenShape(())
    start = text.find(inner) if inner else 0
    parts = [part for part in re.finditer(r"[^\s,;x×X*·]+", inner) if part.group()]
    sizes: list[WrittenNumber] = []
    batch = ""
    for place, part in enumerate(parts):
        word = part.group().strip("()[]")
        if place == 0 and len(parts) > 1 and word.lower() in _BATCH:
            batch = word
        elif _SIZE.fullmatch(word) and len(word) <= MOST_DIGITS:
            sizes.append(read_number(word))
        else:
            message = f'"{part.group()}" is not a size of a shape'
            raise _unreadable(text, start + part.start(), start + part.end(), message, "write a shape such as 14x14x20")
    if not sizes:
        raise _unreadable(text, 0, len(text), "the answer is not a shape", "write a shape such as 14x14x20")
    if all(size.value.denominator == 1 for size in sizes):
        return WrittenShape(tuple(int(size.value) for size in sizes), batch)
    return WrittenShape((), batch, tuple(sizes))


def says_it_does_not_fit(text: str) -> bool:
    """Whether an answer states, in one of the usual ways, that there is no valid output size."""
    words = re.sub(r"[^a-z ]", "", text.casefold().replace("n't", " not").replace("n’t", " not"))
    return " ".join(words.split()) in _NO_FIT


def read_array(text: str) -> Nested:
    """Parse nested lists of numbers, each with the digits written. Raises SpecError.

    Brackets as in `[[1, 0], [4, 6]]`; separators are commas, semicolons between rows, or spaces, as in NumPy and
    Matlab.
    """
    _check_length(text, MOST_ARRAY_CHARACTERS)
    inner = _LEADING.sub("", text, count=1).translate(_BRACKETS)
    if "[" in inner:
        inner = _CALL.sub(r"\1", inner)  # array([…]), tensor([…])
    elif "," in inner:
        inner = inner.translate(_PARENTHESES)
    found: list[Nested] = []
    stack = [found]
    for token in _ARRAY_TOKEN.finditer(inner):
        mark = token.group()
        if mark == "[":
            deeper: list[Nested] = []
            stack[-1].append(deeper)
            stack.append(deeper)
        elif mark == "]" and len(stack) > 1:
            stack.pop()
        elif mark == "]" or len(stack) > MOST_DEPTH:
            raise _unreadable(text, 0, len(text), f'"{_short(text)}" is not an array', _ARRAY_HINT)
        else:
            stack[-1].extend(_row(mark))
    if len(stack) > 1 or len(found) != 1:
        raise _unreadable(text, 0, len(text), f'"{_short(text)}" is not an array', _ARRAY_HINT)
    return found[0]


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


def _short(text: str) -> str:
    return text.strip()[:60]


def _check_length(text: str, most: int = MOST_CHARACTERS) -> None:
    if len(text) > most:
        message = f"the answer has {len(text)} characters, more than {most}"
        raise _unreadable(text[:60], 0, 60, message, "write only the number or the shape")
    if not text.strip():
        raise _unreadable(text or " ", 0, 1, "the answer is empty", "write a number, or a shape such as 14x14x20")


def _unreadable(text: str, start: int, end: int, message: str, hint: str = "") -> SpecError:
    span = Span(Source("<answer>", text), start, max(end, start + 1))
    return SpecError([Diagnostic("E501", message, span, hint=hint)])


class _SumReader:
    """A parser of sums from left to right, with exact numbers that keep their rounding."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[re.Match[str]] = []
        leading = _LEADING.match(text)
        place = leading.end() if leading else 0
        while place < len(text):
            found = _TOKEN.match(text, place)
            if found is None:
                raise _unreadable(text, place, place + 1, f'"{text[place]}" cannot be parsed', _HINT)
            if found.lastgroup != "space":
                self.tokens.append(found)
            place = found.end()
        self.place = 0

    @property
    def left(self) -> re.Match[str] | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def fail(self, message: str) -> None:
        start, end = self.left.span() if self.left else (len(self.text), len(self.text) + 1)
        raise _unreadable(self.text, start, end, message, _HINT)

    def takes(self, *operators: str) -> str:
        """Consume the next operator if it is one of these; else return an empty text."""
        if self.left is None or self.left["operator"] is None:
            return ""
        operator = _SAME_OPERATOR.get(self.left["operator"], self.left["operator"])
        if operator not in operators:
            return ""
        self.place += 1
        return operator

    def sum(self) -> WrittenNumber:
        total = self.product()
        while sign := self.takes("+", "-"):
            other = self.product()
            value = total.value + other.value if sign == "+" else total.value - other.value
            total = WrittenNumber(value, total.tolerance + other.tolerance, total.rounded or other.rounded)
        return total

    def product(self) -> WrittenNumber:
        total = self.signed()
        while operator := self.takes("*", "/"):
            other = self.signed()
            if operator == "/" and other.value == 0:
                self.fail("division by 0")
            factor = other.value if operator == "*" else 1 / other.value
            spread = total.tolerance * abs(factor) + (other.tolerance * abs(total.value) if operator == "*" else 0)
            total = self.bounded(WrittenNumber(total.value * factor, spread, total.rounded or other.rounded))
        return total

    def signed(self) -> WrittenNumber:
        """A power with its sign, which is applied after the power: -2^2 is −4."""
        if self.takes("-"):
            number = self.signed()
            return number._replace(value=-number.value)
        self.takes("+")
        return self.power()

    def power(self) -> WrittenNumber:
        base = self.atom()
        if self.left is not None and self.left["raised"]:
            exponent = WrittenNumber(Fraction(self.left["raised"].translate(_RAISED)), Fraction(0), rounded=False)
            self.place += 1
        elif self.takes("**"):
            exponent = self.signed()
        else:
            return base
        if exponent.value.denominator != 1 or abs(exponent.value) > _MOST_POWER or (base.value == 0 > exponent.value):
            self.fail(f"an exponent must be a whole number of at most {_MOST_POWER}")
        return self.bounded(WrittenNumber(base.value ** int(exponent.value), Fraction(0), base.rounded))

    def atom(self) -> WrittenNumber:
        if self.takes("("):
            inner = self.sum()
            if not self.takes(")"):
                self.fail("a closing parenthesis is missing")
            return inner
        token = self.left
        if token is None or not (token["grouped"] or token["number"]):
            got = f'not "{token.group()}"' if token else "the answer ends here"
            self.fail(f"a number is needed, {got}")
        assert token is not None
        self.place += 1
        return self.literal(token)

    def literal(self, token: re.Match[str]) -> WrittenNumber:
        """One number, with its unit."""
        grouped = token["grouped"]
        digits = re.sub(rf"[,'_ {_THIN}]", "", grouped) if grouped else token["number"].replace(",", ".")
        exponent = int(token["exponent"][1:]) if token["exponent"] else 0
        if len(digits) + abs(exponent) > MOST_DIGITS:
            self.place -= 1
            self.fail(f"more than {MOST_DIGITS} digits")
        unit = ""
        if self.left is not None and self.left["word"]:
            unit = self.left["word"].lower()
            if unit not in _UNITS:
                self.fail(f'"{self.left["word"]}" is not a unit')
            self.place += 1
        scale = Fraction(_UNITS[unit]) * Fraction(10) ** exponent / (100 if unit == "%" else 1)
        decimals = len(digits.partition(".")[2])
        rounded = decimals > 0 or bool(exponent) or scale != 1  # `4.` is 4, as NumPy prints it
        last = scale / 10**decimals
        return WrittenNumber(Fraction(digits) * scale, last / 2 if rounded else Fraction(0), rounded)

    def bounded(self, number: WrittenNumber) -> WrittenNumber:
        if abs(number.value.numerator) > 10**MOST_DIGITS or number.value.denominator > 10**MOST_DIGITS:
            self.fail(f"the result has more than {MOST_DIGITS} digits")
        return number


_HINT = "write a number such as 756,560 or 0.76M, or its calculation such as (8*8*3+1)*20"
