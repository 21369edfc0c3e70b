"""Formulas as MathML; the elements are those of MathML Core, written by hand."""

from __future__ import annotations

from cnncalc.arithmetic.algebra import formula, working
from cnncalc.arithmetic.mathml import MATHML
from cnncalc.arithmetic.notation import symbolic, written
from cnncalc.arithmetic.term import Term, largest
from tests.together import for_each

W, F, S, P = (Term.leaf(value, symbol) for symbol, value in (("W", 32), ("F", 8), ("S", 2), ("P", 1)))
ROOM = "<mi>W</mi> <mo>−</mo> <mi>F</mi> <mo>+</mo> <mn>2</mn><mo>·</mo><mi>P</mi>"


@for_each(
    ("term", "mathml"),
    [
        ((W - F + 2 * P) // S + 1,
         (f"<mrow><mo>⌊</mo><mfrac><mrow>{ROOM}</mrow><mrow><mi>S</mi></mrow></mfrac><mo>⌋</mo></mrow> "
         "<mo>+</mo> <mn>1</mn>")),
        (W // (S + F),
         ("<mrow><mo>⌊</mo><mfrac><mrow><mi>W</mi></mrow><mrow><mi>S</mi> <mo>+</mo> <mi>F</mi></mrow></mfrac>"
         "<mo>⌋</mo></mrow>")),
        ((W % S) // F,
         ("<mrow><mo>⌊</mo><mfrac><mrow><mi>W</mi><mo>mod</mo><mi>S</mi></mrow><mrow><mi>F</mi></mrow></mfrac>"
         "<mo>⌋</mo></mrow>")),
        (W // (F % Term.leaf(3, "D")),
         ("<mrow><mo>⌊</mo><mfrac><mrow><mi>W</mi></mrow><mrow><mi>F</mi><mo>mod</mo><mi>D</mi></mrow></mfrac>"
         "<mo>⌋</mo></mrow>")),
        ((W - F) * S, "<mrow><mo>(</mo><mi>W</mi> <mo>−</mo> <mi>F</mi><mo>)</mo></mrow><mo>·</mo><mi>S</mi>"),
        (Term.leaf(20, "Cₒ"), "<msub><mi>C</mi><mtext>o</mtext></msub>"),
        (Term.leaf(5, "F′"), "<mi>F′</mi>"),
        (Term.leaf(5, "units"), "<mtext>units</mtext>"),
        (Term.leaf(5, "a<b"), "<mtext>a&lt;b</mtext>"),
        (3840, "<mn>3,840</mn>"),
    ],
)  # fmt: skip
def test_formulas(term: int, mathml: str) -> None:
    """Numbers, letters and words are elements; a fraction needs no parentheses around its sums."""
    assert symbolic(term, MATHML) == mathml


def test_working() -> None:
    """A quotient that is not whole, in its brackets, and a negative number."""
    assert written(working(formula(Term.leaf(25, "W") // S)), MATHML) == [
        "<mrow><mo>⌊</mo><mfrac><mrow><mn>25</mn></mrow><mrow><mn>2</mn></mrow></mfrac><mo>⌋</mo></mrow>",
        "<mrow><mo>⌊</mo><mn>12.5</mn><mo>⌋</mo></mrow>",
        "<mn>12</mn>",
    ]
    first = "<mi>max</mi><mrow><mo>(</mo>{}<mo>,</mo><mn>0</mn><mo>)</mo></mrow>"
    assert written(working(formula(largest(F - W, 0))), MATHML) == [
        first.format("<mn>8</mn> <mo>−</mo> <mn>32</mn>"), first.format("<mo>−</mo><mn>24</mn>"), "<mn>0</mn>",
    ]  # fmt: skip
