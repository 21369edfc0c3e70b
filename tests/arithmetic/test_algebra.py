"""Formulas: pieces between which a line may break, common factors, and axes that are left out."""

from __future__ import annotations

import pytest

from cnncalc.arithmetic import algebra
from cnncalc.arithmetic.notation import LATEX, TEXT
from cnncalc.arithmetic.term import Term, ceil_div, exact_div, largest

H, W, F, C, N = (Term.leaf(value, name) for value, name in ((9, "H"), (7, "W"), (3, "F"), (4, "C"), (5, "N")))
Fh, Fw, other = Term.leaf(3, "F", "h"), Term.leaf(3, "F", "w"), Term.leaf(5, "F", "w")

PIECES: dict[str, tuple[int, list[str]]] = {
    "a name": (H, ["H"]),
    "a sum": (H + W + 1, ["H", "+ W", "+ 1"]),
    "a difference": (H - W - 1, ["H", "− W", "− 1"]),
    "a product": (H * W * 2, ["H", "·W", "·2"]),
    "products in a sum": (H * W + F * C, ["H", "·W", "+ F", "·C"]),
    "a product that is taken away": (N - F * C, ["N", "− F", "·C"]),
    "sums in a product": ((H - 1) * (W + 2), ["(H", "− 1)", "·(W", "+ 2)"]),
    "three terms in parentheses": ((H + W + F) * C, ["(H", "+ W", "+ F)", "·C"]),
    "a quotient in a product": (C * (H // 2), ["C", "·⌊H/2⌋"]),
    "a negative number": (-3 + H, ["−3 + H"]),
    "a maximum": (largest(H, W) + 1, ["max(H, W)", "+ 1"]),
}


@pytest.mark.parametrize("name", PIECES)
def test_lines_may_break_before_the_signs_of_sums_and_products(name: str) -> None:
    number, pieces = PIECES[name]
    assert TEXT.pieces(algebra.formula(number)) == pieces
    assert "".join(pieces).replace(" ", "") == TEXT.write(algebra.formula(number)).replace(" ", "")


def test_a_line_of_latex_does_not_break_inside_its_parentheses() -> None:
    r"""`\left(` needs its `\right)` on the same line."""
    first, second = LATEX.pieces(algebra.formula((H // 2 + 1) * C))
    assert (first[:6], first[-7:], second.strip()) == (r"\left(", r"\right)", r"\cdot C")


FACTORED: dict[str, tuple[int, str]] = {
    "F·F·C·N + N": (F * F * C * N + N, "(F·F·C + 1)·N"),
    "C·H + C·H": (C * H + C * H, "2·C·H"),
    "C·H + W": (C * H + W, "C·H + W"),
    "4·C·C + 4·C": (4 * C * C + 4 * C, "4·(C·C + C)"),
    "4·C·C + 8·C": (4 * C * C + 8 * C, "(4·C + 8)·C"),
    "4·C·H + 4·C": (4 * C * H + 4 * C, "(H + 1)·4·C"),
    "C·H − C": (C * H - C, "C·H − C"),
    "C·H + C·W + C": (C * H + C * W + C, "(H + W + 1)·C"),
    "C·H·N + H·C": (C * H * N + H * C, "(N + 1)·C·H"),
    "C·H": (C * H, "C·H"),
}


@pytest.mark.parametrize("name", FACTORED)
def test_common_factors(name: str) -> None:
    number, text = FACTORED[name]
    factored = algebra.factored(algebra.formula(number))
    assert TEXT.write(factored) == text
    assert factored.value == number


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (H + W + H, "2·H + W"),
        (H * W + W * H + C, "2·H·W + C"),
        (H + H, "2·H"),
        (H - W - W, "H − W − W"),
        (H * H, "H·H"),
    ],
)
def test_equal_products_are_counted(number: int, text: str) -> None:
    assert TEXT.write(algebra.collected(algebra.formula(number))) == text


def test_one_product_is_no_sum() -> None:
    assert algebra.collected(algebra.formula(H + H)).kind == "product"


def test_the_plain_numbers_of_a_formula() -> None:
    assert [each.value for each in algebra.constants(algebra.formula((H - 3) // 2 * W + 7))] == [3, 2, 7]


def test_axes_of_equal_sizes_are_left_out() -> None:
    """F_h and F_w are both 3: then F·F. With 3 and 5 both keep their axes."""
    square, oblong = algebra.formula(Fh * Fw * C), algebra.formula(Fh * other * C)
    assert (TEXT.write(square), TEXT.write(oblong)) == ("F·F·C", "F_h·F_w·C")
    assert algebra.plain(square) == algebra.formula(F * F * C)
    assert algebra.plain(oblong) == oblong
    assert algebra.plain(algebra.formula(Fh)) == algebra.formula(F)
    assert algebra.differing(algebra.formula(Fh * other)) == {"F"}
    assert algebra.differing(algebra.formula(F * Term.leaf(5, "F"))) == frozenset()  # no axes


def test_a_divisor_that_is_a_factor_as_well_is_reduced() -> None:
    """h·n/h is n, once for each quotient."""
    assert TEXT.write(algebra.formula(C * exact_div(N * C, C))) == "N·C"
    assert TEXT.write(algebra.formula(H * exact_div(N, C))) == "H·N/C"


def test_a_part_with_a_name_of_its_own() -> None:
    part, name = algebra.formula(H - F), algebra.Formula("figure", 6, symbol="D")
    whole = algebra.formula(exact_div(H - F, 2) * C)
    assert TEXT.write(algebra.renamed(whole, part, name)) == "D/2·C"


@pytest.mark.parametrize(
    ("number", "steps"),
    [
        ((H - F) // 2 + 1, ["(9 − 3)/2 + 1", "6/2 + 1", "3 + 1", "4"]),
        ((H - C) // 2 + 1, ["⌊(9 − 4)/2⌋ + 1", "⌊5/2⌋ + 1", "⌊2.5⌋ + 1", "2 + 1", "3"]),
        (ceil_div(H, C), ["⌈9/4⌉", "⌈2.25⌉", "3"]),
        ((F * F * C + 1) * N, ["(3·3·4 + 1)·5", "37·5", "185"]),
        (W + 0, ["7"]),
    ],
)
def test_the_working_step_by_step(number: int, steps: list[str]) -> None:
    assert [TEXT.write(step) for step in algebra.working(algebra.formula(number))] == steps
