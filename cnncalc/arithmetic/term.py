"""An integer that records how it was computed.

`Term` is an `int` in every respect, except that arithmetic on it builds a tree of the operations. The rules for shapes
and counts are written once, for plain ints; run with terms, the same code yields its own derivation. The idea is from
micrograd: record the operations as they run, and traverse the record afterwards.

>>> W, F, S = Term.leaf(32, "W"), Term.leaf(8, "F"), Term.leaf(2, "S")
>>> O = (W - F) // S + 1
>>> int(O), O.operator, [int(part) for part in O.parts]
(13, '+', [12, 1])
"""

from __future__ import annotations

from collections.abc import Callable
from math import gcd


class Term(int):
    """An integer with its origin: a named leaf (`symbol`), or an `operator` over `parts` (terms or plain ints).

    Operators: `+`, `-`, `*`, `//` (floor), `ceil` (ceiling of a quotient), `/` (a quotient known to leave no
    remainder), `%`, `max`, `min`, and `leaf`. `axis` is the axis of a leaf ("h", "w", "d"), so that a printer can add
    it as a subscript if the axes differ.
    """

    operator: str
    parts: tuple[int, ...]
    symbol: str
    axis: str

    def __new__(cls, value: int, operator: str, parts: tuple[int, ...], symbol: str = "", axis: str = "") -> Term:
        term = super().__new__(cls, value)
        term.operator = operator
        term.parts = parts
        term.symbol = symbol
        term.axis = axis
        return term

    @classmethod
    def leaf(cls, value: int, symbol: str, axis: str = "") -> Term:
        """A named number, such as the stride S."""
        return cls(int(value), "leaf", (), symbol, axis)

    def made(self, value: int, operator: str, parts: tuple[int, ...]) -> Term:
        """The result of an operation on this number and others."""
        return Term(value, operator, parts)

    def divisor_with(self, other: int) -> int:
        """The greatest common divisor with another number, as a plain number."""
        return gcd(int(self), int(other))

    def __add__(self, other: int) -> Term:
        return self if _is_literal(other, 0) else self.made(int.__add__(self, other), "+", (self, other))

    def __radd__(self, other: int) -> Term:
        return self if _is_literal(other, 0) else self.made(int.__add__(other, self), "+", (other, self))

    def __sub__(self, other: int) -> Term:
        return self if _is_literal(other, 0) else self.made(int.__sub__(self, other), "-", (self, other))

    def __rsub__(self, other: int) -> Term:
        return self.made(int.__sub__(other, self), "-", (other, self))

    def __mul__(self, other: int) -> Term:
        return self if _is_literal(other, 1) else self.made(int.__mul__(self, other), "*", (self, other))

    def __rmul__(self, other: int) -> Term:
        return self if _is_literal(other, 1) else self.made(int.__mul__(other, self), "*", (other, self))

    def __floordiv__(self, other: int) -> Term:
        return self if _is_literal(other, 1) else self.made(int.__floordiv__(self, other), "//", (self, other))

    def __rfloordiv__(self, other: int) -> Term:
        return self.made(int.__floordiv__(other, self), "//", (other, self))

    def __mod__(self, other: int) -> Term:
        return self.made(int.__mod__(self, other), "%", (self, other))

    def __rmod__(self, other: int) -> Term:
        return self.made(int.__mod__(other, self), "%", (other, self))


def _made(value: int, operator: str, parts: tuple[int, ...]) -> Term:
    """The result of an operation, as a number of the kind of its first traced part."""
    traced = next(part for part in parts if isinstance(part, Term))
    return traced.made(value, operator, parts)


def _is_literal(number: int, value: int) -> bool:
    return not isinstance(number, Term) and number == value


def ceil_div(numerator: int, denominator: int) -> int:
    """⌈numerator / denominator⌉ in integers; traced when either is a term."""
    if isinstance(numerator, Term) or isinstance(denominator, Term):
        return _made(-(-int(numerator) // int(denominator)), "ceil", (numerator, denominator))
    return 0 - (0 - numerator) // denominator  # no unary minus: vectorized numbers do not have it


def exact_div(numerator: int, denominator: int) -> int:
    """Numerator / denominator, known to divide evenly, such as channels into groups."""
    if isinstance(numerator, Term) or isinstance(denominator, Term):
        return _made(int(numerator) // int(denominator), "/", (numerator, denominator))
    return numerator // denominator


def common_divisor(one: int, other: int) -> int:
    """The greatest common divisor; a number with letters keeps it as a part of its form."""
    return one.divisor_with(other) if isinstance(one, Term) else gcd(one, other)


def largest(*numbers: int) -> int:
    """The largest number; traced as a maximum when any is a term."""
    return _choose("max", max, numbers)


def smallest(*numbers: int) -> int:
    """The smallest number; traced as a minimum when any is a term."""
    return _choose("min", min, numbers)


def _choose(operator: str, choose: Callable[[tuple[int, ...]], int], numbers: tuple[int, ...]) -> int:
    if any(isinstance(number, Term) for number in numbers):
        return _made(choose(tuple(map(int, numbers))), operator, numbers)
    return choose(numbers)
