"""Printing formulas: as Unicode text and as LaTeX, with as few parentheses as possible.

>>> from cnncalc.arithmetic.term import Term
>>> W, F, P, S = Term.leaf(32, "W"), Term.leaf(8, "F"), Term.leaf(1, "P"), Term.leaf(2, "S")
>>> O = (W - F + 2 * P) // S + 1
>>> symbolic(O)
'⌊(W − F + 2·P)/S⌋ + 1'
>>> substituted(O)
'⌊(32 − 8 + 2·1)/2⌋ + 1'
>>> steps(O)
['(32 − 8 + 2·1)/2 + 1', '26/2 + 1', '13 + 1', '14']
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from cnncalc.arithmetic import algebra
from cnncalc.arithmetic.algebra import Formula
from cnncalc.number_text import thousands

_SUM, _PRODUCT, _ATOM = 1, 2, 3
_STRENGTH: Mapping[str, int] = {"mod": 0, "sum": _SUM, "minus": _SUM, "product": _PRODUCT, "exact": _PRODUCT}
_BELOW = "ᵢₒₖᵥ₀₁₂₃₄₅₆₇₈₉"
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPTS = str.maketrans(_BELOW, "iokv0123456789")


class Notation:
    """Unicode text."""

    plus, minus, times, modulus, comma, ellipsis = "+", "−", "·", " mod ", ", ", "…"
    brackets = {"floor": ("⌊", "⌋"), "ceil": ("⌈", "⌉")}  # noqa: RUF012 (a constant)

    def write(self, node: Formula) -> str:
        """The formula as text; symbols with different values per axis get the axis as a subscript."""
        return self._write(node, algebra.differing(node))

    def write_step(self, node: Formula) -> str:
        """A formula whose numbers are substituted."""
        return self._write(node, frozenset())

    def pieces(self, node: Formula) -> list[str]:
        """The formula in parts between which a line may break: before the signs of sums and products."""
        return self._pieces(node, algebra.differing(node))

    def thousands(self, value: int) -> str:
        return thousands(value) if value >= 0 else self.minus + thousands(-value)

    def symbol(self, name: str, axis: str) -> str:
        return f"{name}_{axis}" if axis else name

    def quotient(self, numerator: str, denominator: str) -> str:
        return f"{numerator}/{denominator}"

    def quotient_strengths(self) -> tuple[int, int]:
        """The minimum precedence of numerator and denominator without parentheses."""
        return _PRODUCT, _ATOM

    def power(self, base: str, exponent: int) -> str:
        return base + str(exponent).translate(_SUPERSCRIPTS)

    def parenthesized(self, text: str) -> str:
        return f"({text})"

    def function(self, name: str) -> str:
        return name

    def between(self, left: Formula, right: Formula) -> str:
        """The sign between two factors."""
        return self.times

    def _write(self, node: Formula, axes: frozenset[str]) -> str:
        kind, parts = node.kind, node.parts
        if kind in ("leaf", "figure"):
            return self.symbol(node.symbol, node.axis if node.symbol in axes else "")
        if kind in ("number", "result"):
            return self.thousands(node.value)
        if kind == "sum":
            return self._sum(parts, axes)
        if kind == "product":
            return self._product(parts, axes)
        if kind in ("floored", "ceiled"):
            return self._bracketed(kind[:-2], self._decimal(parts[0].value, parts[1].value))
        if kind in ("floor", "ceil"):
            return self._bracketed(kind, self._quotient(parts, axes))
        if kind == "exact":
            return self._quotient(parts, axes)
        if kind == "power":
            return self.power(self._at(parts[0], _ATOM, axes), parts[1].value)
        if kind == "mod":
            return self.modulus.join(self._at(part, _ATOM, axes) for part in parts)
        return self.function(kind) + self.parenthesized(self.comma.join(self._write(part, axes) for part in parts))

    def _at(self, node: Formula, strength: int, axes: frozenset[str]) -> str:
        """The formula, in parentheses if its precedence is lower than its position requires."""
        text = self._write(node, axes)
        if node.value >= 0 and not node.parts:
            return text
        own = _SUM if node.value < 0 and node.kind in ("number", "result") else _STRENGTH.get(node.kind, _ATOM)
        return text if own >= strength else self.parenthesized(text)

    def _sum(self, parts: tuple[Formula, ...], axes: frozenset[str]) -> str:
        first = parts[0].value < 0 and parts[0].kind in ("number", "result")
        text = self._at(parts[0], _SUM if first else _PRODUCT, axes)
        for part in parts[1:]:
            sign, term = (self.minus, part.parts[0]) if part.kind == "minus" else (self.plus, part)
            text += f" {sign} {self._at(term, _PRODUCT, axes)}"
        return text

    def _pieces(self, node: Formula, axes: frozenset[str]) -> list[str]:
        if node.kind == "sum" and not any(part.value < 0 and part.kind in ("number", "result") for part in node.parts):
            found = self._nested_pieces(node.parts[0], axes)
            for part in node.parts[1:]:
                sign, term = (self.minus, part.parts[0]) if part.kind == "minus" else (self.plus, part)
                first, *more = self._nested_pieces(term, axes)
                found += [f"{sign} {first}", *more]
            return found
        if node.kind == "product":
            found = self._nested_pieces(node.parts[0], axes)
            for left, right in pairwise(node.parts):
                first, *more = self._nested_pieces(right, axes)
                found += [self.between(left, right) + first, *more]
            return found
        return [self._write(node, axes)]

    def _nested_pieces(self, node: Formula, axes: frozenset[str]) -> list[str]:
        """The pieces of a term or a factor, in parentheses if it is a sum."""
        whole = self._at(node, _PRODUCT, axes)
        inner = self._pieces(node, axes)
        if node.kind != "sum":
            return inner if len(inner) > 1 else [whole]
        if len(inner) == 1 or whole != self.parenthesized(self._write(node, axes)) or not whole.startswith("("):
            return [whole]
        return [f"({inner[0]}", *inner[1:-1], f"{inner[-1]})"]

    def _product(self, parts: tuple[Formula, ...], axes: frozenset[str]) -> str:
        text = self._at(parts[0], _PRODUCT, axes)
        for left, right in pairwise(parts):
            text += self.between(left, right) + self._at(right, _PRODUCT, axes)
        return text

    def _quotient(self, parts: tuple[Formula, ...], axes: frozenset[str]) -> str:
        pairs = zip(parts, self.quotient_strengths(), strict=True)
        return self.quotient(*(self._at(part, strength, axes) for part, strength in pairs))

    def _bracketed(self, kind: str, text: str) -> str:
        left, right = self.brackets[kind]
        return f"{left}{text}{right}"

    def _decimal(self, numerator: int, denominator: int) -> str:
        """A quotient by a positive number that is not whole: 12.5, or its first digits and `…`; never whole."""
        sign = self.minus if numerator < 0 else ""
        whole, rest = divmod(abs(numerator), denominator)
        digits = ""
        while rest and (len(digits) < 2 or not digits.strip("0")):
            digit, rest = divmod(10 * rest, denominator)
            digits += str(digit)
        return self.decimal(sign, whole, f"{digits}{self.ellipsis if rest else ''}")

    def decimal(self, sign: str, whole: int, digits: str) -> str:
        return f"{sign}{self.thousands(whole)}.{digits}"


class LatexNotation(Notation):
    r"""LaTeX for math mode, with amsmath's `\text`."""

    minus, times, modulus, ellipsis = "-", r" \cdot ", r" \bmod ", r"\ldots"
    brackets = {  # noqa: RUF012 (a constant)
        "floor": (r"\left\lfloor ", r" \right\rfloor"),
        "ceil": (r"\left\lceil ", r" \right\rceil"),
    }

    def thousands(self, value: int) -> str:
        return thousands(value).replace(",", "{,}")

    def symbol(self, name: str, axis: str) -> str:
        letter, primes, below = symbol_parts(name, axis)
        shown = letter if len(letter) == 1 else rf"\text{{{letter.replace('_', chr(92) + '_')}}}"
        return shown + primes.replace("′", "'") + (f"_{below}" if len(below) == 1 else f"_{{{below}}}" if below else "")

    def quotient(self, numerator: str, denominator: str) -> str:
        return rf"\frac{{{numerator}}}{{{denominator}}}"

    def quotient_strengths(self) -> tuple[int, int]:
        return 0, 0

    def power(self, base: str, exponent: int) -> str:
        return f"{base}^{{{exponent}}}"

    def parenthesized(self, text: str) -> str:
        tall = "\\frac" in text or "\\left" in text
        return rf"\left({text}\right)" if tall else f"({text})"

    def function(self, name: str) -> str:
        return "\\" + name

    def between(self, left: Formula, right: Formula) -> str:
        return "" if left.kind == "number" and right.kind == "leaf" and len(right.symbol) < 3 else self.times


def symbol_parts(name: str, axis: str) -> tuple[str, str, str]:
    """The letter or word of a symbol, its primes, and the indices below it, with commas.

    >>> symbol_parts("F′ₒ", "height")
    ('F', '′', 'o,height')
    """
    base = name.rstrip(_BELOW)
    letter = base.rstrip("′")
    below = ",".join(filter(None, (name[len(base) :].translate(_SUBSCRIPTS), axis)))
    return letter, base[len(letter) :], below


TEXT = Notation()
LATEX = LatexNotation()


def symbolic(term: int, notation: Notation = TEXT) -> str:
    """The formula in symbols."""
    return notation.write(algebra.formula(term))


def substituted(term: int, notation: Notation = TEXT) -> str:
    """The formula with its numbers substituted."""
    return notation.write(algebra.substituted(algebra.formula(term)))


def steps(term: int, notation: Notation = TEXT) -> list[str]:
    """The formula with its numbers substituted, then every step down to the number."""
    return written(algebra.working(algebra.formula(term)), notation)


def written(nodes: Iterable[Formula], notation: Notation = TEXT) -> list[str]:
    """The steps of a working as texts, without consecutive duplicates."""
    texts = list(map(notation.write_step, nodes))
    return [text for before, text in pairwise(["", *texts]) if text != before]
