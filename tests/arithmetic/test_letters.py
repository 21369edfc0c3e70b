"""Arithmetic in letters: each expression against Python's own integers, for every size where its conditions hold."""

from __future__ import annotations

from collections.abc import Callable
from math import gcd

import pytest

from cnncalc.arithmetic.letter_range import HeldRange, LetterRange, held_range, is_met
from cnncalc.arithmetic.lettered import Lettered, Noted, NotedCondition, form_of
from cnncalc.arithmetic.linear_form import (
    LinearForm,
    NoFormError,
    add,
    common_divisor,
    extreme,
    floor_of,
    least,
    letter,
    multiply,
    period_of,
    quotient,
    scaled,
    subtract,
    value_of,
    whole,
)
from cnncalc.arithmetic.term import ceil_div, largest, smallest
from cnncalc.arithmetic.term import common_divisor as divisor_of

H, W = letter("H"), letter("W")


def conv(size: int, kernel: int, stride: int, padding: int) -> int:
    return (size - kernel + 2 * padding) // stride + 1


EXPRESSIONS: dict[str, Callable[[int], int]] = {
    "sum": lambda size: size + size + 3,
    "difference": lambda size: 3 - size - 5,
    "nothing left": lambda size: size - size,
    "product": lambda size: 3 * (size - 2) * 5,
    "square": lambda size: (size - 2) * (size - 2),
    "product of sums with a divisor": lambda size: (2 * size + 4) * (3 * size - 6),
    "product of products": lambda size: (2 * size) * (3 * size) * size,
    "power": lambda size: size**3,
    "negated": lambda size: -(size - 7),
    "convolution": lambda size: conv(size, 5, 2, 1),
    "two convolutions": lambda size: conv(conv(size, 5, 2, 1), 3, 3, 0),
    "three poolings": lambda size: size // 2 // 2 // 2,
    "poolings of sums": lambda size: ((size + 1) // 2 + 1) // 2,
    "quotient with a shared divisor": lambda size: (6 * size + 5) // 4,
    "quotient with a whole part": lambda size: (7 * size + 9) // 3,
    "quotient of a quotient's double": lambda size: (2 * (size // 3) + 1) // 5,
    "quotient of a square": lambda size: (size * size + 1) // 2,
    "quotient by a negative number": lambda size: (3 * size) // -2,
    "quotient by one": lambda size: (3 * size - 1) // 1,
    "quotient that is whole": lambda size: (6 * size + 3) // 3,
    "quotient of a difference": lambda size: (5 - 3 * size) // 4,
    "quotient rounded up": lambda size: ceil_div(size + 1, 4),
    "quotient by a negative number, rounded up": lambda size: ceil_div(3 * size, -2),
    "quotient by two, rounded up": lambda size: ceil_div(size, 2),
    "quotient by one, rounded up": lambda size: ceil_div(size, 1),
    "quotient of a falling size, rounded up": lambda size: ceil_div(50 - size, 3),
    "quotient by itself, rounded up": lambda size: ceil_div(3 * size, size + 0),
    "remainder": lambda size: size % 3,
    "remainder of a sum": lambda size: (size + 7) % 4,
    "both": lambda size: sum(divmod(size + 1, 3)),
    "two halves": lambda size: size // 2 + (size - size // 2),
    "the other half": lambda size: size - size // 2,
    "the other half of a sum": lambda size: (size + 3) - (size + 3) // 2,
    "the other half, twice": lambda size: (size - size // 2) // 2,
    "half of a half, taken away": lambda size: size // 2 - size // 2 // 2,
    "two other halves": lambda size: 2 * size - 2 * (size // 2),
    "less than the half": lambda size: size - 3 * (size // 2),
    "quotient by itself": lambda size: (size + 3) // (size + 3),
    "quotient by a factor": lambda size: (size * size * 6) // (size * 2),
    "largest": lambda size: largest(size, size + 2),
    "largest of three": lambda size: largest(size // 2, largest(size // 3, 4)),
    "smallest": lambda size: smallest(size, size + 2),
    "smallest of unlike": lambda size: smallest(size // 2, 9),
    "greatest common divisor": lambda size: divisor_of(size + 0, 12),
    "greatest common divisor with one": lambda size: divisor_of(size + 0, 1),
    "if at least": lambda size: size if size >= 20 else 0,
    "if at most": lambda size: size if size <= 20 else 0,
    "if above": lambda size: size if size > 32 else 2 * size,
    "if below": lambda size: size if size < 32 else 2 * size,
    "if equal": lambda size: 1 if size == 32 else size,
    "if unequal": lambda size: 1 if size != 32 else size,
    "if not zero": lambda size: 1 if size - 32 else size,
    "if the remainder is zero": lambda size: size if size % 4 == 0 else 0,
    "if a remainder is small": lambda size: size if size % 6 < 3 else 0,
    "if a pooled size fits": lambda size: size if (size - 1) // 3 >= 4 else 0,
    "if two conditions hold": lambda size: size if size >= 10 and size % 4 == 0 and size % 6 != 0 else 0,
    "if a falling size is left": lambda size: size if 100 - 3 * size > 0 else 0,
    "if a falling quotient is left": lambda size: size if (100 - size) // 7 >= 2 else 0,
    "if a size that rises and falls is left": lambda size: size if size - 10 * (size % 5) >= 0 else 0,
    "if a square is small": lambda size: size if size * size < 1025 else 0,
    "if a square is unequal": lambda size: size if size * size != 9 else 0,
}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_forms_are_the_numbers_where_the_conditions_hold(name: str) -> None:
    expression, seen = EXPRESSIONS[name], Noted()
    number = expression(Lettered.of("H", 32, seen))
    form = form_of(number)
    held = held_range(seen.conditions, {"H": 32})
    holding = [size for size in range(1, 200) if all(is_met(each, {"H": size}) for each in seen.conditions)]
    assert 32 in holding
    assert int(number) == expression(32)
    assert [size for size in range(1, 200) if held.holds({"H": size})] == holding
    assert [value_of(form, {"H": size}) for size in holding] == [expression(size) for size in holding]


RANGES: dict[str, tuple[Callable[[int], object], LetterRange]] = {
    "at least 5": (lambda size: size >= 5, LetterRange("H", 5)),
    "at most 40": (lambda size: size <= 40, LetterRange("H", 1, 40)),
    "above 31": (lambda size: size > 31, LetterRange("H", 32)),
    "not below 33": (lambda size: size >= 33, LetterRange("H", 1, 32)),
    "not 7, which is below": (lambda size: size == 7, LetterRange("H", 8)),
    "not 70, which is above": (lambda size: size == 70, LetterRange("H", 1, 69)),
    "even": (lambda size: size % 2 == 0, LetterRange("H", 1, None, 2, frozenset({0}))),
    "a multiple of 8": (lambda size: size % 4 == 0 and size % 8 == 0, LetterRange("H", 1, None, 8, frozenset({0}))),
    "2 or 3 past a multiple of 5": (lambda size: size % 5 in (2, 3), LetterRange("H", 1, None, 5, frozenset({2}))),
    "any remainder": (lambda size: size % 5 >= 0, LetterRange("H")),
    "from 9 to 59": (lambda size: size // 3 >= 3 and size // 20 < 3, LetterRange("H", 9, 59)),
    "two bounds": (lambda size: size >= 9 and size >= 5 and size <= 40 and size <= 50, LetterRange("H", 9, 40)),
    "not 31, just below": (lambda size: size == 31, LetterRange("H", 32)),
    "not 33, just above": (lambda size: size == 33, LetterRange("H", 1, 32)),
    "three times at least 20": (lambda size: 3 * size >= 20, LetterRange("H", 7)),
    "three times at most 200": (lambda size: 3 * size <= 200, LetterRange("H", 1, 66)),
    "even, in other words": (
        lambda size: size % 2 == 0 and size % 4 < 3, LetterRange("H", 1, None, 2, frozenset({0})),
    ),
    "a half of at least 16": (lambda size: size // 2 >= 16, LetterRange("H", 32)),
    "a half of at most 16": (lambda size: size // 2 <= 16, LetterRange("H", 1, 33)),
    "a falling half": (lambda size: (64 - size) // 2 >= 3, LetterRange("H", 1, 58)),
}  # fmt: skip


@pytest.mark.parametrize("name", RANGES)
def test_the_range_of_a_letter(name: str) -> None:
    asked, held = RANGES[name]
    seen = Noted()
    asked(Lettered.of("H", 32, seen))
    assert held_range(seen.conditions, {"H": 32}) == HeldRange((held,))


def test_conditions_of_two_letters_stay_conditions() -> None:
    seen = Noted()
    height, width = Lettered.of("H", 32, seen), Lettered.of("W", 20, seen)
    assert height > width
    assert width >= 4
    held = held_range(seen.conditions, {"H": 32, "W": 20})
    assert held == HeldRange(
        (LetterRange("H"), LetterRange("W", 4)), (NotedCondition(subtract(subtract(H, W), whole(1)), ">="),)
    )
    assert [held.holds({"H": 9, "W": width}) for width in (3, 4, 8, 9)] == [False, True, True, False]


def test_conditions_that_the_lowest_sizes_imply_are_left_out() -> None:
    seen = Noted()
    height, width = Lettered.of("H", 32, seen), Lettered.of("W", 20, seen)
    assert height + width >= 2
    assert height + width != 0
    assert height >= 5
    assert height + width >= 6
    assert height + width != 1
    assert height + width != 5
    assert held_range(seen.conditions, {"H": 32, "W": 20}) == HeldRange((LetterRange("H", 5), LetterRange("W")))


def test_two_letters_are_unequal_on_both_sides() -> None:
    seen = Noted()
    height, width = Lettered.of("H", 32, seen), Lettered.of("W", 20, seen)
    assert height + width != 60
    assert height + width != 2
    held = held_range(seen.conditions, {"H": 32, "W": 20})
    assert [held.holds({"H": 40, "W": width}) for width in (19, 20, 30)] == [True, False, True]
    assert not held.holds({"H": 1, "W": 1})


def test_an_excluded_size_of_a_condition_that_has_no_period() -> None:
    """H² ≠ 9 is not a range: 3 is inside of it."""
    seen = Noted()
    height = Lettered.of("H", 32, seen)
    assert height * height != 9
    held = held_range(seen.conditions, {"H": 32})
    assert held.letters == (LetterRange("H"),)
    assert [held.holds({"H": size}) for size in (2, 3, 4)] == [True, False, True]


@pytest.mark.parametrize(
    ("held", "size", "following"),
    [
        (LetterRange("H", 5, 20, 4, frozenset({1})), 1, 5),
        (LetterRange("H", 5, 20, 4, frozenset({1})), 6, 9),
        (LetterRange("H", 5, 20, 4, frozenset({1})), 17, 17),
        (LetterRange("H", 5, 20, 4, frozenset({1})), 18, None),
        (LetterRange("H", 5, 20, 4, frozenset({0})), 17, 20),
        (LetterRange("H", 6, None, 4, frozenset({1})), 2, 9),
    ],
)
def test_the_next_size_of_a_range(held: LetterRange, size: int, following: int | None) -> None:
    assert held.following(size) == following


@pytest.mark.parametrize(("size", "inside"), [(4, False), (5, True), (20, True), (21, False)])
def test_the_ends_of_a_range_belong_to_it(size: int, *, inside: bool) -> None:
    assert (size in LetterRange("H", 5, 20)) is inside


def test_long_periods_are_kept_as_conditions() -> None:
    """lcm(4095, 4096) is above the longest period that is combined."""
    seen = Noted()
    height = Lettered.of("H", 4095 * 4096, seen)
    assert height % 4096 == 0
    assert height % 4095 == 0
    held = held_range(seen.conditions, {"H": 4095 * 4096})
    assert held.letters[0].divisor == 4096
    assert len(held.others) == 1
    assert not held.holds({"H": 4096})


def test_limits_of_what_a_spec_may_describe_are_not_noted() -> None:
    seen = Noted()
    height = Lettered.of("H", 32, seen)
    assert height <= 2**64
    assert height < 2**70
    assert height - height == 0
    assert seen.conditions == ()
    assert height <= 2**64 - 1
    assert seen.conditions == (NotedCondition(subtract(whole(2**64 - 1), H), ">="),)


FORMS: dict[str, Callable[[], tuple[LinearForm, LinearForm]]] = {
    "⌊(⌊H/2⌋ + 1)/3⌋ = ⌊(H + 2)/6⌋": lambda: (
        floor_of(add(floor_of(H, 2), whole(1)), 3), floor_of(add(H, whole(2)), 6),
    ),
    "H − ⌊H/2⌋ = ⌊(H + 1)/2⌋": lambda: (subtract(H, floor_of(H, 2)), floor_of(add(H, whole(1)), 2)),
    "⌊H/2⌋ − ⌊H/4⌋ = ⌊(H + 2)/4⌋": lambda: (subtract(floor_of(H, 2), floor_of(H, 4)), floor_of(add(H, whole(2)), 4)),
    "⌊(6·H + 5)/4⌋ = H + 1 + ⌊H/2⌋": lambda: (
        floor_of(add(scaled(H, 6), whole(5)), 4), add(H, whole(1), floor_of(H, 2)),
    ),
    "⌊(2·H + 1)/2⌋ = H": lambda: (floor_of(add(scaled(H, 2), whole(1)), 2), H),
    "H − ⌊(H + 1)/2⌋ = ⌊H/2⌋": lambda: (subtract(H, floor_of(add(H, whole(1)), 2)), floor_of(H, 2)),
    "0 − ⌊H/2⌋ = −1·⌊H/2⌋": lambda: (subtract(whole(0), floor_of(H, 2)), scaled(floor_of(H, 2), -1)),
    "H + 2·W − ⌊(H + W)/2⌋ = W + ⌊(H + W + 1)/2⌋": lambda: (
        subtract(add(H, W, W), floor_of(add(H, W), 2)), add(W, floor_of(add(H, W, whole(1)), 2)),
    ),
    "H + W = W + H": lambda: (add(H, W), add(W, H)),
    "0 has no terms": lambda: (whole(0), LinearForm(())),
    "⌈H/3⌉ = ⌊(H + 2)/3⌋": lambda: (
        form_of(ceil_div(Lettered.of("H", 32, Noted()), 3)), floor_of(add(H, whole(2)), 3),
    ),
    "⌊5/2⌋ = 2": lambda: (floor_of(whole(5), 2), whole(2)),
    "⌊H/1⌋ = H": lambda: (floor_of(H, 1), H),
    "⌊H/−3⌋ = ⌊−H/3⌋": lambda: (floor_of(H, -3), floor_of(scaled(H, -1), 3)),
    "0·H = 0": lambda: (scaled(H, 0), whole(0)),
    "H/H = 1": lambda: (quotient(H, H), whole(1)),
    "6·H·W/(2·W) = 3·H": lambda: (quotient(scaled(multiply(H, W), 6), scaled(W, 2)), scaled(H, 3)),
    "H·W/7": lambda: (quotient(multiply(H, W), whole(7)), floor_of(multiply(W, H), 7)),
    "max(H, H + 2) = H + 2": lambda: (extreme("max", [H, add(H, whole(2))]), add(H, whole(2))),
    "max(H + 2, H) = H + 2": lambda: (extreme("max", [add(H, whole(2)), H]), add(H, whole(2))),
    "min(H, H + 2) = H": lambda: (extreme("min", [H, add(H, whole(2))]), H),
    "max(H, 1) = H, as a size is at least 1": lambda: (extreme("max", [H, whole(1)]), H),
    "max(H, W) = max(W, H)": lambda: (extreme("max", [H, W]), extreme("max", [W, H])),
    "gcd(12, 18) = 6": lambda: (common_divisor(whole(12), whole(18)), whole(6)),
    "gcd(H, 1) = 1": lambda: (common_divisor(H, whole(1)), whole(1)),
    "gcd(1, H) = 1": lambda: (common_divisor(whole(1), H), whole(1)),
    "gcd(H, H) = H": lambda: (common_divisor(H, H), H),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_equal_forms_are_written_alike(name: str) -> None:
    one, other = FORMS[name]()
    assert one == other


def test_halves_of_a_sum_are_joined_only_if_all_of_it_is_there() -> None:
    """H − ⌊(H + W)/2⌋ has no W to take from."""
    assert len(subtract(H, floor_of(add(H, W), 2)).terms) == 2


@pytest.mark.parametrize(
    ("form", "period"),
    [
        (H, 1),
        (floor_of(H, 4), 4),
        (add(floor_of(H, 4), floor_of(H, 6)), 12),
        (floor_of(H, 4096), 4096),
        (floor_of(H, 4097), None),
        (multiply(H, H), None),
        (extreme("max", [H, W]), None),
    ],
)
def test_the_period_of_forms_in_one_letter(form: LinearForm, period: int | None) -> None:
    assert period_of(form) == period


@pytest.mark.parametrize("sizes", [(6, 4), (7, 5), (12, 8)])
def test_extremes_have_the_value_of_their_word(sizes: tuple[int, int]) -> None:
    height, width = sizes
    known = {"H": height, "W": width}
    assert value_of(extreme("max", [H, W]), known) == height
    assert value_of(extreme("min", [H, W]), known) == width
    assert value_of(common_divisor(H, W), known) == gcd(height, width)
    assert value_of(multiply(extreme("max", [H, W]), add(H, whole(1))), known) == height * (height + 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (H, W),
        (H, add(H, whole(1))),
        (scaled(H, 3), scaled(H, 2)),
        (multiply(H, H), multiply(W, W)),
        (H, multiply(H, W)),
        (add(H, whole(1)), H),
    ],
)
def test_quotients_by_other_sizes_have_no_form(one: LinearForm, other: LinearForm) -> None:
    with pytest.raises(NoFormError):
        quotient(one, other)


def test_a_division_by_zero_has_no_form() -> None:
    with pytest.raises(NoFormError, match="a division by zero"):
        floor_of(H, 0)


@pytest.mark.parametrize(
    ("form", "bound"),
    [
        (whole(7), 7),
        (H, 1),
        (add(scaled(H, 3), whole(-5)), -2),
        (subtract(H, scaled(floor_of(H, 4), 4)), 0),
        (subtract(add(H, whole(2)), scaled(floor_of(H, 4), 4)), 2),
        (subtract(add(H, whole(-1)), scaled(floor_of(add(H, whole(-1)), 4), 4)), 0),
        (multiply(H, add(W, whole(-1))), 0),
        (subtract(H, W), float("-inf")),
        (multiply(H, add(W, whole(3))), 4),
        (multiply(H, add(W, whole(-3))), float("-inf")),
        (floor_of(add(H, whole(5)), 3), 2),
        (extreme("max", [H, W]), float("-inf")),
    ],
)
def test_lower_bounds_of_forms(form: LinearForm, bound: float) -> None:
    """A letter is at least 1. A form of one letter that repeats itself has the smallest of its values."""
    assert least(form) == bound


def test_lower_bounds_from_given_sizes_on() -> None:
    assert least(add(H, scaled(W, 2)), {"H": 5, "W": 3}) == 11


def test_the_first_layer_without_a_form_is_kept() -> None:
    error = NoFormError("no form")
    error.locate("inner", 3)
    error.locate("outer", 1)
    assert (error.layer, error.position) == ("inner", 3)


def test_a_letter_is_an_integer_in_texts() -> None:
    height = Lettered.of("H", 32, Noted())
    assert (f"{height}", f"{height:>4}", str(height), repr(height + 1)[:5]) == ("32", "  32", "32", "33 = ")
    assert hash(height) == hash(Lettered.of("H", 32, Noted()))
    assert height.__eq__("H") is False


def test_other_numbers_have_no_form() -> None:
    height = Lettered.of("H", 32, Noted())
    with pytest.raises(NoFormError, match="a quotient that is not whole"):
        _ = height / 2
    with pytest.raises(NoFormError, match=r"a product with 0.5, which is not whole"):
        form_of(0.5)  # type: ignore[arg-type]
