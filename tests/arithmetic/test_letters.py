"""Numbers that depend on letters: forms, the comparisons that are noted, and the sizes for which they hold."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from math import gcd
from random import Random

import pytest

from cnncalc.arithmetic.algebra import Formula
from cnncalc.arithmetic.form_writing import as_formula, range_texts
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
    letters_of,
    multiply,
    period_of,
    quotient,
    scaled,
    slope,
    subtract,
    value_of,
    whole,
)
from cnncalc.arithmetic.notation import LATEX, TEXT
from cnncalc.arithmetic.term import ceil_div, largest, smallest
from tests.together import for_each

H, W = letter("H"), letter("W")
HALF = floor_of(H, 2)
MOD_4 = subtract(H, scaled(floor_of(H, 4), 4))


def written(form: LinearForm, held: HeldRange = HeldRange(())) -> str:  # noqa: B008
    return TEXT.write(as_formula(form, held))


# --- forms ---------------------------------------------------------------------------------------------------------


@for_each(
    ("form", "text"),
    [
        (add(H, H, whole(3), scaled(H, -1)), "H + 3"), (subtract(H, H), "0"), (scaled(H, 0), "0"),
        (add(H, scaled(HALF, -1)), "⌈H/2⌉"),  # H − ⌊H/2⌋
        (add(scaled(H, 3), scaled(HALF, -2)), "H + 2·⌈H/2⌉"),
        (add(W, scaled(HALF, -1)), "W − ⌊H/2⌋"), (subtract(floor_of(H, 2), floor_of(H, 4)), "⌊(H + 2)/4⌋"),
        (subtract(H, floor_of(add(H, whole(1)), 2)), "⌊H/2⌋"), (subtract(H, floor_of(H, 3)), "H − ⌊H/3⌋"),
        (subtract(whole(7), floor_of(H, 2)), "(−1)·⌊H/2⌋ + 7"),
        (multiply(H, W), "H·W"), (multiply(H, H), "H²"), (multiply(whole(3), H), "3·H"),
        (multiply(add(H, whole(-2)), add(W, whole(-2))), "(H − 2)·(W − 2)"),
        (multiply(add(scaled(H, 4), whole(6)), scaled(W, 3)), "6·W·(2·H + 3)"),
        (floor_of(H, 1), "H"), (floor_of(H, -2), "⌊H/2⌋ − H"), (floor_of(scaled(H, 6), 3), "2·H"),
        (floor_of(add(scaled(H, 6), whole(5)), 4), "H + ⌊H/2⌋ + 1"),
        (floor_of(add(HALF, whole(1)), 3), "⌊(H + 2)/6⌋"), (floor_of(add(H, W, whole(5)), 3), "⌊(H + W + 5)/3⌋"),
        (floor_of(add(scaled(H, 7), whole(9)), 3), "2·H + ⌊H/3⌋ + 3"),
        (quotient(scaled(multiply(H, W), 6), scaled(W, 3)), "2·H"), (quotient(H, H), "1"),
        (quotient(H, whole(3)), "⌊H/3⌋"),
        (extreme("max", [H, whole(1)]), "H"), (extreme("min", [H, whole(1)]), "1"), (extreme("max", [H, H]), "H"),
        (extreme("max", [HALF, add(H, whole(2))]), "H + 2"), (extreme("min", [add(H, W), H]), "H"),
        (extreme("max", [H, W]), "max(H, W)"), (extreme("min", [H, whole(4)]), "min(H, 4)"),
        (common_divisor(whole(12), whole(18)), "6"), (common_divisor(H, H), "H"), (common_divisor(whole(1), H), "1"),
        (common_divisor(H, whole(1)), "1"),
    ],
)  # fmt: skip
def test_forms(form: LinearForm, text: str) -> None:
    """Like terms are collected, whole parts taken out of quotients, and halves joined."""
    assert written(form) == text


@for_each(
    ("one", "other"), [(H, W), (H, scaled(H, 2)), (multiply(H, W), add(H, whole(1))), (scaled(H, 3), scaled(H, 2))]
)
def test_quotients_without_a_form(one: LinearForm, other: LinearForm) -> None:
    with pytest.raises(NoFormError, match="a quotient by a size with letters"):
        quotient(one, other)


def test_a_division_by_zero_has_no_form() -> None:
    assert floor_of(whole(-7), 2) == whole(-4)
    with pytest.raises(NoFormError, match="a division by zero"):
        floor_of(H, 0)
    error = NoFormError("x")
    error.locate("conv_1", 7)
    error.locate("block", 3)
    assert (error.layer, error.position) == ("conv_1", 7)  # the innermost


@for_each(
    ("form", "period", "growth", "bound"),
    [
        (H, 1, 1, 1), (add(scaled(H, 3), whole(-5)), 1, 3, -2), (HALF, 2, 1, 0), (floor_of(HALF, 3), 6, 1, 0),
        (add(HALF, floor_of(H, 3)), 6, 5, 0), (whole(4), 1, 0, 4), (scaled(H, -1), 1, -1, float("-inf")),
        (subtract(H, scaled(HALF, 2)), 2, 0, 0), (subtract(add(H, whole(2)), scaled(floor_of(H, 3), 3)), 3, 0, 2),
        (multiply(H, W), None, None, 1), (extreme("max", [H, W]), None, None, float("-inf")),
        (multiply(add(H, whole(-2)), W), None, None, float("-inf")), (multiply(HALF, W), None, None, 0),
        (multiply(add(H, whole(2)), W), None, None, 3),
        (floor_of(H, 4096), 4096, 1, 0), (floor_of(H, 4097), None, None, 0),
    ],
)  # fmt: skip
def test_growth(form: LinearForm, period: int | None, growth: int | None, bound: float) -> None:
    """The period of a form that is linear in one letter, the growth over it, and a lower bound from 1 on."""
    assert (period_of(form), least(form)) == (period, bound)
    if period is not None:
        assert slope(form, period) == growth


def test_a_bound_from_other_sizes_on() -> None:
    assert (least(add(H, W), {"H": 5, "W": 7}), least(multiply(add(H, whole(-2)), W), {"H": 5, "W": 7})) == (12, 21)
    form = add(multiply(H, add(W, whole(1))), floor_of(letter("C"), 2), extreme("max", [H, letter("D")]))
    assert letters_of(form) == {"H", "W", "C", "D"}


# --- numbers with forms --------------------------------------------------------------------------------------------

Rule = Callable[[int, int], int]
RULES: dict[str, Rule] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "reversed -": lambda a, b: 7 - a, "*": lambda a, b: a * b,
    "//": lambda a, b: a // 3, "%": lambda a, b: a % 4, "ceil": lambda a, b: -(-a // 5), "negative": lambda a, b: -a,
    "square": lambda a, b: a**2, "if": lambda a, b: a if a > b else b + 1, "least": lambda a, b: a if a <= b else b,
    "below": lambda a, b: 2 if a < 9 else a, "at least": lambda a, b: a if b >= 6 else 1,
    "equal": lambda a, b: 3 if a == b else a - 1, "unequal": lambda a, b: b if a != 5 else 8,
    "truth": lambda a, b: b if a else 4, "largest": largest, "smallest": lambda a, b: smallest(a, 6, b),
    "ceil_div": lambda a, b: ceil_div(a, 5), "ceil of a product": lambda a, b: ceil_div(a * b, b) if b > 0 else a,
}  # fmt: skip


def run(words: list[str], a: int, b: int) -> int:
    """The result of some rules, one after the other."""
    numbers = [a, b]
    for word in words:
        numbers.append(RULES[word](numbers[-1], numbers[-2]))
    return numbers[-1]


def test_rules_at_other_sizes() -> None:
    """Wherever the comparisons of one run hold, another run gives the form's number: 300 random sets of rules."""
    random = Random(7)
    for _ in range(300):
        words = random.choices([*RULES], k=random.randrange(1, 6))
        sizes = {"H": random.randrange(1, 14), "W": random.randrange(1, 14)}
        seen = Noted()
        try:
            number = run(words, *(Lettered.of(name, size, seen) for name, size in sizes.items()))
        except NoFormError:
            continue
        assert int(number) == run(words, *sizes.values())
        held = held_range(seen.conditions, sizes)
        assert held.holds(sizes)
        for size, other in product((1, 2, 3, 5, 8, 13, 20), (1, 2, 4, 7, 11, 30)):
            conditions = all(is_met(each, {"H": size, "W": other}) for each in seen.conditions)
            if conditions or held.holds({"H": size, "W": other}):
                assert value_of(form_of(number), {"H": size, "W": other}) == run(words, size, other), words


def noted(rule: Callable[[Lettered], object], size: int = 9) -> list[str]:
    """The comparisons that a rule makes of H."""
    seen = Noted()
    rule(Lettered.of("H", size, seen))
    return [f"{written(form)} {relation} 0" for form, relation in seen.conditions]


@for_each(
    ("rule", "conditions"),
    [
        (lambda h: h >= 9, ["H − 9 >= 0"]), (lambda h: h >= 10, ["(−1)·H + 9 >= 0"]), (lambda h: h > 8, ["H − 9 >= 0"]),
        (lambda h: h > 9, ["(−1)·H + 9 >= 0"]), (lambda h: h <= 9, ["(−1)·H + 9 >= 0"]),
        (lambda h: h <= 8, ["H − 9 >= 0"]),
        (lambda h: h < 10, ["(−1)·H + 9 >= 0"]), (lambda h: h < 9, ["H − 9 >= 0"]), (lambda h: h == 9, ["H − 9 == 0"]),
        (lambda h: h == 8, ["H − 8 != 0"]), (lambda h: h != 9, ["H − 9 == 0"]), (bool, ["H != 0"]),
        (lambda h: h == "9", []), (lambda h: (h >= 9, h >= 9), ["H − 9 >= 0"]), (lambda h: h - h >= 0, []),
        (lambda h: h <= 2**64 - 1, [f"(−1)·H + {2**64 - 1:,} >= 0"]), (lambda h: h <= 2**64, []),
    ],
)  # fmt: skip
def test_comparisons_are_noted(rule: Callable[[Lettered], object], conditions: list[str]) -> None:
    """Each once, as a comparison with 0 that holds; constants and limits on numbers of elements are not."""
    assert noted(rule) == conditions


def test_the_outcome_of_comparisons() -> None:
    h = Lettered.of("H", 9, Noted())
    assert (h == 9, h != 9, h == 8, h == "9", h >= 9, h > 9, h <= 9, h < 9, bool(h)) == (
        True, False, False, False, True, False, True, False, True,
    )  # fmt: skip
    assert (repr(h).startswith("9 = "), str(h), f"{h:03}", hash(h) == hash(Lettered.of("H", 9, Noted()))) == (
        True, "9", "009", True,
    )  # fmt: skip
    assert [int(part) for part in divmod(h, 4)] == [2, 1]
    assert [written(form_of(part)) for part in divmod(h, 4)] == ["⌊H/4⌋", "H − 4·⌊H/4⌋"]
    assert (written(form_of(h**3)), int(h**3), written(form_of(-h))) == ("H³", 729, "(−1)·H")
    assert written(form_of(h + 1 + h + 4)) == "2·H + 5"
    with pytest.raises(NoFormError, match="a quotient that is not whole"):
        h / 2
    with pytest.raises(NoFormError, match=r"a product with 2\.5, which is not whole"):
        form_of(2.5)  # type: ignore[arg-type]


# --- ranges --------------------------------------------------------------------------------------------------------


def condition(form: LinearForm, relation: str = ">=") -> NotedCondition:
    return NotedCondition(form, relation)


RANGES: list[tuple[list[NotedCondition], int, list[str]]] = [
    ([condition(add(H, whole(-5)))], 9, ["H ≥ 5"]),
    ([condition(add(H, whole(-5))), condition(add(H, whole(-3)))], 9, ["H ≥ 5"]),
    ([condition(subtract(whole(12), H))], 9, ["1 ≤ H ≤ 12"]),
    ([condition(subtract(whole(12), H)), condition(subtract(whole(20), H))], 9, ["1 ≤ H ≤ 12"]),
    (
        [condition(subtract(whole(20), H)), condition(subtract(whole(12), H)), condition(add(H, whole(-2)))],
        9,
        ["2 ≤ H ≤ 12"],
    ),
    ([condition(add(HALF, whole(-3)))], 9, ["H ≥ 6"]),
    ([condition(subtract(whole(3), HALF))], 5, ["1 ≤ H ≤ 7"]),
    ([condition(subtract(H, scaled(HALF, 2)), "==")], 8, ["H divisible by 2"]),
    ([condition(subtract(H, scaled(HALF, 2)), "!=")], 9, ["H mod 2 = 1"]),
    ([condition(subtract(H, scaled(floor_of(H, 3), 3)), "!=")], 8, ["H mod 3 in 1, 2"]),
    ([condition(subtract(H, scaled(floor_of(H, 8), 8)), "!=")], 9, ["H mod 8 in 1, 2, 3, 4, 5, 6, …"]),
    (
        [condition(subtract(H, scaled(HALF, 2)), "=="), condition(subtract(H, scaled(floor_of(H, 3), 3)), "==")],
        12,
        ["H divisible by 6"],
    ),
    ([condition(add(H, whole(-8)), "!=")], 9, ["H ≥ 9"]),
    ([condition(add(H, whole(-8)), "!=")], 5, ["1 ≤ H ≤ 7"]),
    ([condition(add(H, whole(-9)), "==")], 9, ["H = 9"]),
    ([condition(subtract(H, W))], 9, ["H ≥ W"]),
    ([condition(subtract(H, W)), condition(subtract(H, W))], 9, ["H ≥ W"]),
    ([condition(add(H, W)), condition(add(H, W, whole(-2)))], 9, []),  # hold for all sizes
    ([condition(add(H, W), "!=")], 9, []),
    ([condition(add(H, W, whole(-3)))], 9, ["H + W ≥ 3"]),
    ([condition(subtract(H, W), "!=")], 9, ["H ≠ W"]),
    ([condition(add(H, W, whole(-1)), "!=")], 9, []),  # at least 1
    ([condition(add(H, W, whole(-3)), "!=")], 9, ["H + W ≠ 3"]),
    ([condition(add(scaled(H, 3), whole(-10)))], 9, ["H ≥ 4"]),
    # H − 4·(H mod 4) is negative for 6, 7 and 11, and never from 12 on
    ([condition(add(scaled(H, -3), scaled(floor_of(H, 4), 16)))], 13, ["H ≥ 12"]),
    ([condition(add(scaled(H, -3), scaled(floor_of(H, 4), 16)))], 4, ["16·⌊H/4⌋ ≥ 3·H"]),
    # remainders with a smaller divisor, all remainders, and a period that is too long
    ([condition(add(MOD_4, whole(-each)), "!=") for each in (0, 2)], 9, ["H mod 2 = 1"]),
    ([condition(add(MOD_4, whole(1)), "!=")], 9, []),
    (
        [condition(subtract(H, scaled(floor_of(H, 4096), 4096)), "=="), condition(subtract(H, scaled(HALF, 2)), "==")],
        12288,
        ["H divisible by 4,096"],
    ),
    (
        [
            condition(subtract(H, scaled(floor_of(H, 4096), 4096)), "=="),
            condition(subtract(H, scaled(floor_of(H, 3), 3)), "=="),
        ],
        12288,
        ["H divisible by 4,096", "H = 3·⌊H/3⌋"],
    ),
]


@for_each(("conditions", "size", "texts"), RANGES)
def test_ranges(conditions: list[NotedCondition], size: int, texts: list[str]) -> None:
    """Around H = `size` and W = 4; and all sizes of a range meet the conditions."""
    held = held_range(conditions, {"H": size, "W": 4})
    assert range_texts(held) == texts
    for height in range(1, 40):
        sizes = {"H": height, "W": 4}
        assert held.holds(sizes) <= all(is_met(each, sizes) for each in conditions)
    assert held.holds({"H": size, "W": 4})


def test_largest_and_rounded_up_numbers_keep_their_form() -> None:
    h, w = Lettered.of("H", 9, Noted()), Lettered.of("W", 4, Noted())
    made = [largest(h, w), smallest(h, w), ceil_div(h, 4), ceil_div(h * w, w), ceil_div(h, 1)]
    assert [(int(number), written(form_of(number))) for number in made] == [
        (9, "max(H, W)"), (4, "min(H, W)"), (3, "⌈H/4⌉"), (9, "H"), (9, "H"),
    ]  # fmt: skip


def test_sizes_of_a_range() -> None:
    held = LetterRange("H", 5, 14, 4, frozenset((1, 2)))
    assert [size for size in range(20) if size in held] == [5, 6, 9, 10, 13, 14]
    assert [held.following(size) for size in (1, 6, 7, 10, 11, 14, 15)] == [5, 6, 9, 10, 13, 14, None]
    endless = LetterRange("H", 3)
    assert [size for size in range(6) if size in endless] == [3, 4, 5]


@for_each(
    ("held", "texts"),
    [
        (LetterRange("H", 2), [r"H \ge 2"]), (LetterRange("H"), []), (LetterRange("H", 1, 7), [r"1 \le H \le 7"]),
        (LetterRange("H", 1, None, 4, frozenset((3,))), [r"H \equiv 3 \pmod{4}"]),
        (LetterRange("H", 3, None, 4, frozenset((1, 3))), [r"H \ge 3", r"H \bmod 4 \in \{1, 3\}"]),
    ],
)  # fmt: skip
def test_ranges_in_latex(held: LetterRange, texts: list[str]) -> None:
    assert range_texts(HeldRange((held,)), latex=True) == texts


def test_forms_where_sizes_are_even() -> None:
    """A quotient that is whole is no rounded one: 6·⌊H/2⌋ is 3·H, and ⌊(H + 3)/2⌋ is (H + 2)/2."""
    even = HeldRange((LetterRange("H", 1, None, 2),))
    odd = HeldRange((LetterRange("H", 1, None, 2, frozenset((1,))),))
    assert [written(scaled(HALF, 6), each) for each in (even, odd)] == ["3·H", "3·H − 3"]
    assert [written(add(HALF, whole(1)), each) for each in (even, odd)] == ["(H + 2)/2", "(H + 1)/2"]
    assert [written(HALF, each) for each in (even, odd)] == ["H/2", "(H − 1)/2"]
    assert LATEX.write(as_formula(add(multiply(H, H), whole(-1)))) == "H^{2} - 1"


def test_common_divisors_of_sizes() -> None:
    form = common_divisor(H, whole(6))
    assert [value_of(form, {"H": size}) for size in range(1, 13)] == [gcd(size, 6) for size in range(1, 13)]
    assert isinstance(as_formula(form), Formula)
