"""Substitutions in traced formulas, worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cnncalc.arithmetic.term import Term, ceil_div, exact_div, largest
from cnncalc.diagnostics import Refusal
from cnncalc.homework.substitution import addends, factors, replaced, rewritten, unrounded
from tests.together import for_each

W, F, S, P = Term.leaf(32, "W"), Term.leaf(7, "F"), Term.leaf(2, "S"), Term.leaf(1, "P")
SIZE = (W - F + 2 * P) // S + 1  # 27/2 = 13.5: 14


@for_each(
    ("formula", "values", "expected"),
    [
        (SIZE, {}, 14),
        (SIZE, {"P": 0}, 13),  # 25/2 + 1
        (SIZE, {"S": 1}, 28),
        (SIZE, {"W": 30, "F": 3}, 15),  # 29/2 + 1
        (ceil_div(W, S), {"S": 3}, 11),
        (exact_div(W, S), {"S": 4}, 8),
        (largest(F - S, 0), {"F": 1}, 0),
        (W % F, {"F": 5}, 2),
    ],
)
def test_other_numbers_for_symbols(formula: int, values: dict[str, int], expected: int) -> None:
    assert int(replaced(formula, values)) == expected


def test_a_part_is_replaced_as_a_whole() -> None:
    """The quotient without its + 1, and rounded up: ⌈27/2⌉ = 14."""
    assert isinstance(SIZE, Term)
    quotient = SIZE.parts[0]
    assert int(quotient) == 13
    up = rewritten(quotient, lambda part: ceil_div(*part.parts) if part.operator == "//" else None)
    assert int(up) == 14


def test_a_formula_without_the_part_stays_the_same() -> None:
    assert rewritten(SIZE, lambda part: None) is SIZE


@for_each("formula", [ceil_div(W, S), exact_div(W, S), W // F, W % F, W - F, W + F, W * F, largest(W, F)])
def test_the_operation_stays(formula: Term) -> None:
    """The rules of wrong answers show it: W/S without rounding is not ⌈W/S⌉."""
    changed = replaced(formula, {"W": 64})
    assert isinstance(changed, Term)
    assert changed.operator == formula.operator


def test_division_by_zero_is_refused() -> None:
    with pytest.raises(Refusal):
        replaced(SIZE, {"S": 0})


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (SIZE, Fraction(29, 2)),
        (ceil_div(W, F), Fraction(32, 7)),
        (W % F, Fraction(4)),
        (largest(F - W, 0), Fraction(0)),
    ],
)
def test_values_before_rounding(formula: int, expected: Fraction) -> None:
    """27/2 + 1, 32/7, 32 − 4·7, max(−25, 0)."""
    assert unrounded(formula) == expected


def test_sums_of_thousands_of_terms() -> None:
    """A concatenation of 5,000 inputs of 7 channels, one of them with 9."""
    total: int = Term.leaf(9, "C")
    for _ in range(4_999):
        total = total + F
    assert int(replaced(total, {"F": 2})) == 10_007
    assert unrounded(total) == 35_002
    assert len(addends(total)) == 5_000


def test_factors_of_a_product() -> None:
    assert [int(factor) for factor in factors(W * (F * S) * P)] == [32, 7, 2, 1]
