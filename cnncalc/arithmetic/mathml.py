"""Printing formulas as MathML, which browsers typeset without a library.

>>> from cnncalc.arithmetic import algebra
>>> from cnncalc.arithmetic.term import Term
>>> MATHML.write(algebra.formula(Term.leaf(32, "W") - Term.leaf(8, "F")))
'<mi>W</mi> <mo>−</mo> <mi>F</mi>'
"""

from __future__ import annotations

from html import escape

from cnncalc.arithmetic.algebra import Formula
from cnncalc.arithmetic.notation import Notation, symbol_parts
from cnncalc.number_text import thousands


class MathmlNotation(Notation):
    """Elements of MathML Core; a formula is a sequence of them, to be put into a `math` element."""

    plus, minus, times, modulus, comma = "<mo>+</mo>", "<mo>−</mo>", "<mo>·</mo>", "<mo>mod</mo>", "<mo>,</mo>"
    brackets = {  # noqa: RUF012 (a constant)
        "floor": ("<mrow><mo>⌊</mo>", "<mo>⌋</mo></mrow>"),
        "ceil": ("<mrow><mo>⌈</mo>", "<mo>⌉</mo></mrow>"),
    }

    def thousands(self, value: int) -> str:
        sign = self.minus if value < 0 else ""
        return f"{sign}<mn>{thousands(abs(value))}</mn>"

    def symbol(self, name: str, axis: str) -> str:
        letter, primes, below = symbol_parts(name, axis)
        text = "mi" if len(letter) == 1 else "mtext"
        shown = f"<{text}>{escape(letter)}{primes}</{text}>"
        return f"<msub>{shown}<mtext>{escape(below)}</mtext></msub>" if below else shown

    def quotient(self, numerator: str, denominator: str) -> str:
        return f"<mfrac><mrow>{numerator}</mrow><mrow>{denominator}</mrow></mfrac>"

    def quotient_strengths(self) -> tuple[int, int]:
        return 0, 0

    def power(self, base: str, exponent: int) -> str:
        return f"<msup><mrow>{base}</mrow><mn>{exponent}</mn></msup>"

    def parenthesized(self, text: str) -> str:
        return f"<mrow><mo>(</mo>{text}<mo>)</mo></mrow>"

    def function(self, name: str) -> str:
        return f"<mi>{escape(name)}</mi>"

    def decimal(self, sign: str, whole: int, digits: str) -> str:
        return f"{sign}<mn>{thousands(whole)}.{digits}</mn>"

    def between(self, left: Formula, right: Formula) -> str:
        return self.times


MATHML = MathmlNotation()
