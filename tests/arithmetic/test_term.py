"""Terms: ints that remember how they were made."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from cnncalc.arithmetic.term import Term, ceil_div, common_divisor, exact_div, largest, smallest
from tests.together import for_each

A, B = Term.leaf(17, "A"), Term.leaf(5, "B", "h")


@for_each(
    ("compute", "value", "operator"),
    [
        (lambda a, b: a + b, 22, "+"),
        (lambda a, b: a - b, 12, "-"),
        (lambda a, b: a * b, 85, "*"),
        (lambda a, b: a // b, 3, "//"),
        (lambda a, b: a % b, 2, "%"),
        (ceil_div, 4, "ceil"),
        (largest, 17, "max"),
        (smallest, 5, "min"),
    ],
)
def test_an_operation_gives_pythons_number_and_is_recorded(
    compute: Callable[[int, int], int], value: int, operator: str
) -> None:
    """With a term on either side the number is Python's, and the operator and both operands are kept."""
    assert compute(17, 5) == value
    for left, right in ((A, B), (A, 5), (17, B)):
        term = compute(left, right)
        assert isinstance(term, Term)
        assert (int(term), term.operator, term.parts) == (value, operator, (17, 5))


def test_plain_numbers_stay_plain() -> None:
    """Without a term nothing is recorded, so that the fast path stays fast."""
    results = (ceil_div(17, 5), exact_div(15, 5), largest(2, 3), smallest(2, 3))
    assert results == (4, 3, 3, 2)
    assert all(type(number) is int for number in results)


def test_exact_division_is_recorded_as_one() -> None:
    """Channels into groups: 64/32 is no rounding."""
    term = exact_div(Term.leaf(64, "Cᵢ"), Term.leaf(32, "g"))
    assert isinstance(term, Term)
    assert (int(term), term.operator) == (2, "/")


@for_each("same", [A + 0, 0 + A, A - 0, A * 1, 1 * A, A // 1, prod((A,)), sum((A,))])
def test_neutral_literals_leave_no_trace(same: int) -> None:
    """x + 0 and x·1 with plain numbers are x itself; `sum` and `prod` begin with such."""
    assert same is A


def test_neutral_leaves_are_kept() -> None:
    """A padding that happens to be 0 is still part of the formula."""
    term = A + Term.leaf(0, "P")
    assert term.operator == "+"


def test_leaf_keeps_its_symbol_and_axis() -> None:
    """A leaf is its number, its name and the axis it belongs to; two leaves of one name are equal numbers."""
    assert (B.symbol, B.axis, int(B), B.parts) == ("B", "h", 5, ())
    assert Term.leaf(5, "C") == B == 5


def test_common_divisors() -> None:
    """They are plain numbers, also of traced ones: 34 and 51 have 17."""
    assert [common_divisor(34, 51), common_divisor(A * 2, 51), common_divisor(51, A * 2)] == [17, 17, 17]
    assert type(common_divisor(A * 2, 51)) is int
