"""Numbers and arithmetic, parsed into exact values that keep the rounding of the digits written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from cnncalc.homework.answers.problems import MOST_DIGITS, NUMBER_HINT, unreadable
from cnncalc.homework.answers.units import is_of_bytes, scale_of

_THIN = "\u00a0\u2007\u2009\u202f"
_GROUPS = (
    rf"(?P<grouped>(?!0)\d{{1,3}}(?P<mark>[,'’٬_ {_THIN}])\d{{3}}(?:(?P=mark)\d{{3}})*(?:[.٫]\d+|(?!(?P=mark)),\d+)?"
    r"|(?!0)\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?|(?!0)\d{1,3}\.\d{3},\d+"  # 1.234.567 and 1.234,5
    r"|(?!0)\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?)(?!\d)"  # 12,34,567
)
_TOKEN = re.compile(
    rf"{_GROUPS}|(?P<number>0,\d+|\d+(?:[.٫]\d*|,(?!\d{{3}}(?!\d))\d+)?|\.\d+)(?P<exponent>[eE][+-]?\d{{1,3}}(?!\d))?"
    r"|(?P<raised>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|(?P<word>[A-Za-z%]+|[万亿億])|(?P<operator>\*\*|[-+*/^()·×÷−⋅:⌊⌋⌈⌉])|(?P<space>\s+)"
)
_SAME_OPERATOR: Mapping[str, str] = {
    "·": "*", "×": "*", "⋅": "*", "÷": "/", ":": "/", "−": "-", "^": "**",
    "⌋": ")", "⌉": ")",
}  # fmt: skip
_ROUNDING: Mapping[str, str] = {"⌊": "⌋", "⌈": "⌉"}
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
LEADING = re.compile(r"^\s*[=≈~]\s*(?=\S)")
_MOST_POWER = 64
MOST_DEPTH = 16


class WrittenNumber(NamedTuple):
    """A parsed number: its value, and half a unit of the last digit if it was rounded, else 0."""

    value: Fraction
    tolerance: Fraction
    rounded: bool
    """Whether it was written with a decimal point, an exponent or a unit, so that digits may be missing."""
    kind: str = ""
    """The kind of a unit that not every metric has: `bytes`, `%`, or `x` for times."""

    def says(self, right: int | Fraction) -> bool:
        """Whether this equals a number to the digits written."""
        return abs(self.value - right) <= self.tolerance


def parse_sum(text: str) -> WrittenNumber:
    """The value of a number or of its calculation. Raises SpecError with the position that cannot be parsed."""
    reader = _SumReader(text)
    number = reader.sum()
    if reader.left:
        reader.fail(f'"{reader.left.group()}" is not part of a number')
    return number


def _digits(text: str) -> str:
    """The digits of a number, with a point for the decimal mark: the last mark, unless it separates thousands."""
    marks = re.sub(r"\d", "", text)
    plain = re.sub(r"\D", "", text)
    if not marks or (len(set(marks)) == 1 and len(marks) > 1):
        return plain
    if len(marks) == 1 and re.fullmatch(rf"\d{{1,3}}[,'’٬_ {_THIN}]\d{{3}}", text) and text[0] != "0":
        return plain
    whole, _, decimals = text.rpartition(marks[-1])
    grouped = re.sub(r"\D", "", whole)
    return f"{grouped}.{decimals}"


class _SumReader:
    """A parser of sums from left to right, with exact numbers that keep their rounding."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[re.Match[str]] = []
        leading = LEADING.match(text)
        place = leading.end() if leading else 0
        while place < len(text):
            found = _TOKEN.match(text, place)
            if found is None:
                raise unreadable(text, place, place + 1, f'"{text[place]}" cannot be parsed', NUMBER_HINT)
            if found.lastgroup != "space":
                self.tokens.append(found)
            place = found.end()
        self.place = 0
        self.depth = 0

    @property
    def left(self) -> re.Match[str] | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def fail(self, message: str) -> None:
        start, end = self.left.span() if self.left else (len(self.text), len(self.text) + 1)
        raise unreadable(self.text, start, end, message, NUMBER_HINT)

    def takes(self, *operators: str) -> str:
        """Consume the next operator if it is one of these; else return an empty text."""
        if self.left is None:
            return ""
        written = self.left["operator"] or ("*" if self.multiplies() else "")
        operator = _SAME_OPERATOR.get(written, written)
        if not operator or operator not in operators:
            return ""
        self.place += 1
        return operator

    def multiplies(self) -> bool:
        """Whether the next token is an `x` between two numbers, as in 8x8x3."""
        following = self.tokens[self.place + 1] if self.place + 1 < len(self.tokens) else None
        is_cross = self.left is not None and self.left["word"] in ("x", "X")
        return is_cross and following is not None and bool(
            following["grouped"] or following["number"] or following["operator"] == "("
        )  # fmt: skip

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
            if operator == "*" and self.left is None and self.tokens[-1].group() == "×":
                return total  # 196× is 196 times
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
            exponent = Fraction(self.left["raised"].translate(_RAISED))
            self.place += 1
        elif self.takes("**"):
            exponent = self.signed().value
        else:
            return self.with_unit(base)
        if exponent.denominator != 1 or abs(exponent) > _MOST_POWER or (base.value == 0 > exponent):
            self.fail(f"an exponent must be a whole number of at most {_MOST_POWER}")
        raised = WrittenNumber(base.value ** int(exponent), Fraction(0), base.rounded)
        return self.with_unit(self.bounded(raised))

    def atom(self) -> WrittenNumber:
        if self.takes("("):
            inner = self.inner_sum()
            if not self.takes(")"):
                self.fail("a closing parenthesis is missing")
            return inner
        token = self.left
        if token is not None and token["operator"] in _ROUNDING:
            return self.rounded_whole(token["operator"])
        if token is None or not (token["grouped"] or token["number"]):
            got = f'not "{token.group()}"' if token else "the answer ends here"
            self.fail(f"a number is needed, {got}")
        assert token is not None
        self.place += 1
        return self.literal(token)

    def inner_sum(self) -> WrittenNumber:
        """A sum in parentheses, of a limited depth."""
        self.depth += 1
        if self.depth > MOST_DEPTH:
            self.fail(f"more than {MOST_DEPTH} parentheses inside one another")
        inner = self.sum()
        self.depth -= 1
        return inner

    def rounded_whole(self, opening: str) -> WrittenNumber:
        """A quotient between ⌊ and ⌋, or ⌈ and ⌉."""
        self.place += 1
        inner = self.inner_sum()
        if self.left is None or self.left["operator"] != _ROUNDING[opening]:
            self.fail(f'a closing "{_ROUNDING[opening]}" is missing')
        self.place += 1
        whole = floor(inner.value) if opening == "⌊" else ceil(inner.value)
        return WrittenNumber(Fraction(whole), Fraction(0), rounded=False)

    def literal(self, token: re.Match[str]) -> WrittenNumber:
        """One number without its unit."""
        digits = _digits(token["grouped"] or token["number"])
        exponent = int(token["exponent"][1:]) if token["exponent"] else 0
        if len(digits) + abs(exponent) > MOST_DIGITS:
            self.place -= 1
            self.fail(f"more than {MOST_DIGITS} digits")
        scale = Fraction(10) ** exponent
        decimals = len(digits.partition(".")[2])
        rounded = decimals > 0 or bool(exponent)  # `4.` is 4, as NumPy prints it
        last = scale / 10**decimals
        return WrittenNumber(Fraction(digits) * scale, last / 2 if rounded else Fraction(0), rounded)

    def with_unit(self, number: WrittenNumber) -> WrittenNumber:
        """The number multiplied by its unit: a prefix and a noun at most."""
        start, words = self.place, list[str]()
        while self.left is not None and self.left["word"] and not self.multiplies():
            words.append(self.left["word"].lower())
            self.place += 1
        if words == ["x"]:
            return number._replace(kind="x")  # 196x is 196 times
        scale = scale_of(words)
        if scale is None:
            first = next((at for at in range(len(words)) if scale_of(words[: at + 1]) is None), 0)
            self.place = start + first
            assert self.left is not None
            self.fail(f'"{self.left["word"]}" is not a unit')
        assert scale is not None
        kind = "%" if "%" in words else "bytes" if is_of_bytes(words) else number.kind
        if scale == 1:
            return number._replace(kind=kind)
        tolerance = (number.tolerance or Fraction(1, 2)) * scale
        return WrittenNumber(number.value * scale, tolerance, rounded=True, kind=kind)

    def bounded(self, number: WrittenNumber) -> WrittenNumber:
        if abs(number.value.numerator) > 10**MOST_DIGITS or number.value.denominator > 10**MOST_DIGITS:
            self.fail(f"the result has more than {MOST_DIGITS} digits")
        return number
