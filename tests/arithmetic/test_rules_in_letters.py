"""Rules run with a letter: their forms against Python's integers at sizes 1 to 199, and the ranges of sizes."""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.arithmetic.letter_range import HeldRange, LetterRange, held_range, is_met
from cnncalc.arithmetic.lettered import Lettered, Noted, NotedCondition, form_of
from cnncalc.arithmetic.linear_form import letter, subtract, value_of, whole
from cnncalc.arithmetic.term import ceil_div, largest, smallest
from cnncalc.arithmetic.term import common_divisor as divisor_of
from tests.together import for_each

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


@for_each("expression", EXPRESSIONS)
def test_forms_are_the_numbers_where_the_conditions_hold(expression: Callable[[int], int]) -> None:
    seen = Noted()
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


@for_each(("asked", "held"), RANGES)
def test_the_range_of_a_letter(asked: Callable[[int], object], held: LetterRange) -> None:
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
