"""Forms in letters as text and LaTeX, and the ranges of the letters."""

from __future__ import annotations

import pytest

from cnncalc.arithmetic.form_writing import as_formula, range_texts
from cnncalc.arithmetic.letter_range import HeldRange, LetterRange
from cnncalc.arithmetic.lettered import NotedCondition
from cnncalc.arithmetic.linear_form import (
    LinearForm,
    add,
    common_divisor,
    extreme,
    floor_of,
    letter,
    multiply,
    scaled,
    subtract,
    whole,
)
from cnncalc.arithmetic.notation import LATEX, TEXT

H, W = letter("H"), letter("W")
EVEN = HeldRange((LetterRange("H", 1, None, 2, frozenset({0})),))
ODD = HeldRange((LetterRange("H", 1, None, 2, frozenset({1})),))
ANY = HeldRange((LetterRange("H"),))

TEXTS: dict[str, tuple[LinearForm, HeldRange]] = {
    "0": (whole(0), ANY),
    "H": (H, ANY),
    "(−1)·H": (scaled(H, -1), ANY),
    "3·H − 5": (add(scaled(H, 3), whole(-5)), ANY),
    "2·H − 3·W + 4": (add(scaled(H, 2), scaled(W, -3), whole(4)), ANY),
    "H²": (multiply(H, H), ANY),
    "(H − 2)·(W − 2)": (multiply(subtract(H, whole(2)), subtract(W, whole(2))), ANY),
    "6·W·(H + 2)": (multiply(add(scaled(H, 2), whole(4)), scaled(W, 3)), ANY),
    "⌊(H − 3)/2⌋": (add(floor_of(add(H, whole(-5)), 2), whole(1)), ANY),
    "⌈H/2⌉": (floor_of(add(H, whole(1)), 2), ANY),
    "⌈H/3⌉": (floor_of(add(H, whole(2)), 3), ANY),
    "⌊(H + 1)/3⌋": (floor_of(add(H, whole(1)), 3), ANY),
    "⌊H/2⌋": (floor_of(H, 2), ODD._replace(letters=())),
    "H/2": (floor_of(H, 2), EVEN),
    "(H − 1)/2": (floor_of(H, 2), ODD),
    "(H + 1)/2": (floor_of(add(H, whole(1)), 2), ODD),
    "3·H": (scaled(floor_of(H, 2), 6), EVEN),
    "3·H − 3": (scaled(floor_of(H, 2), 6), ODD),
    "5·H/2": (scaled(floor_of(H, 2), 5), EVEN),
    "⌊W/2⌋ + ⌊H/3⌋ + 1": (add(floor_of(H, 3), floor_of(W, 2), whole(1)), ANY),
    "⌊W/2⌋ + W·⌊H/3⌋": (add(multiply(W, floor_of(H, 3)), floor_of(W, 2)), ANY),
    "⌊(H + W)/2⌋": (floor_of(add(H, W), 2), EVEN),
    "⌊H·W/2⌋": (floor_of(multiply(H, W), 2), ODD),
    "(H − 1)/3": (floor_of(add(H, whole(1)), 3), HeldRange((LetterRange("H", 1, None, 3, frozenset({1})),))),
    "max(H, W)": (extreme("max", [H, W]), ANY),
    "gcd(H, 12)": (common_divisor(H, whole(12)), ANY),
}  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_forms_as_text(text: str) -> None:
    form, held = TEXTS[text]
    assert TEXT.write(as_formula(form, held)) == text


RANGES: dict[str, tuple[LetterRange, list[str], list[str]]] = {
    "all": (LetterRange("H"), [], []),
    "from 2": (LetterRange("H", 2), ["H ≥ 2"], [r"H \ge 2"]),
    "from 1,000": (LetterRange("H", 1000), ["H ≥ 1,000"], [r"H \ge 1000"]),
    "from 1 to 9": (LetterRange("H", 1, 9), ["1 ≤ H ≤ 9"], [r"1 \le H \le 9"]),
    "even": (
        LetterRange("H", 1, None, 2, frozenset({0})), ["H divisible by 2"], [r"H \equiv 0 \pmod{2}"],
    ),
    "odd": (LetterRange("H", 1, None, 2, frozenset({1})), ["H mod 2 = 1"], [r"H \equiv 1 \pmod{2}"]),
    "two remainders": (
        LetterRange("H", 5, None, 4, frozenset({0, 3})), ["H ≥ 5", "H mod 4 in 0, 3"],
        [r"H \ge 5", r"H \bmod 4 \in \{0, 3\}"],
    ),
    "six remainders": (
        LetterRange("H", 1, None, 9, frozenset(range(6))), ["H mod 9 in 0, 1, 2, 3, 4, 5"],
        [r"H \bmod 9 \in \{0, 1, 2, 3, 4, 5\}"],
    ),
    "seven remainders": (
        LetterRange("H", 1, None, 9, frozenset(range(1, 8))), ["H mod 9 in 1, 2, 3, 4, 5, 6, …"],
        [r"H \bmod 9 \in \{1, 2, 3, 4, 5, 6, …\}"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RANGES)
def test_ranges_as_text_and_latex(name: str) -> None:
    held, text, latex = RANGES[name]
    assert range_texts(HeldRange((held,))) == text
    assert range_texts(HeldRange((held,)), latex=True) == latex


@pytest.mark.parametrize(
    ("condition", "text", "latex"),
    [
        (NotedCondition(add(H, scaled(W, -2), whole(-3)), ">="), "H ≥ 2·W + 3", r"H \ge 2W + 3"),
        (NotedCondition(subtract(H, W), "=="), "H = W", "H = W"),
        (NotedCondition(subtract(multiply(H, H), whole(9)), "!="), "H² ≠ 9", r"H^{2} \ne 9"),
        (NotedCondition(scaled(add(H, W), -1), "!="), "0 ≠ H + W", r"0 \ne H + W"),
    ],
)
def test_conditions_have_negative_terms_on_the_other_side(condition: NotedCondition, text: str, latex: str) -> None:
    held = HeldRange((LetterRange("H"),), (condition,))
    assert range_texts(held) == [text]
    assert range_texts(held, latex=True) == [latex]


def test_a_form_in_latex() -> None:
    assert LATEX.write(as_formula(add(scaled(floor_of(H, 2), 3), whole(-1)))) == (
        r"3 \cdot \left\lfloor \frac{H}{2} \right\rfloor - 1"
    )
