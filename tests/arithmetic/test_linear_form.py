"""Forms in letters: which are written alike, and their periods, values and lower bounds."""

from __future__ import annotations

from collections.abc import Callable
from math import gcd

import pytest

from cnncalc.arithmetic.lettered import Lettered, Noted, form_of
from cnncalc.arithmetic.linear_form import (
    LinearForm,
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
from cnncalc.arithmetic.no_form import NoFormError
from cnncalc.arithmetic.term import ceil_div
from tests.together import for_each

H, W = letter("H"), letter("W")

FORMS: dict[str, Callable[[], tuple[LinearForm, LinearForm]]] = {
    "⌊(2·H + 1)/2⌋ = H": lambda: (floor_of(add(scaled(H, 2), whole(1)), 2), H),
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
    "⌊H/−3⌋ = ⌊−H/3⌋": lambda: (floor_of(H, -3), floor_of(scaled(H, -1), 3)),
    "H·W/7": lambda: (quotient(multiply(H, W), whole(7)), floor_of(multiply(W, H), 7)),
    "max(H, H + 2) = H + 2": lambda: (extreme("max", [H, add(H, whole(2))]), add(H, whole(2))),
    "max(H + 2, H) = H + 2": lambda: (extreme("max", [add(H, whole(2)), H]), add(H, whole(2))),
    "min(H, H + 2) = H": lambda: (extreme("min", [H, add(H, whole(2))]), H),
    "max(H, W) = max(W, H)": lambda: (extreme("max", [H, W]), extreme("max", [W, H])),
}  # fmt: skip


@for_each("forms", FORMS)
def test_equal_forms_are_written_alike(forms: Callable[[], tuple[LinearForm, LinearForm]]) -> None:
    one, other = forms()
    assert one == other


def test_halves_of_a_sum_are_joined_only_if_all_of_it_is_there() -> None:
    """H − ⌊(H + W)/2⌋ has no W to take from."""
    assert len(subtract(H, floor_of(add(H, W), 2)).terms) == 2


@for_each(
    ("form", "period"),
    [(floor_of(H, 4), 4), (add(floor_of(H, 4), floor_of(H, 6)), 12), (multiply(H, H), None)],
)
def test_the_period_of_forms_in_one_letter(form: LinearForm, period: int | None) -> None:
    assert period_of(form) == period


@for_each("sizes", [(6, 4), (7, 5), (12, 8)])
def test_extremes_have_the_value_of_their_word(sizes: tuple[int, int]) -> None:
    height, width = sizes
    known = {"H": height, "W": width}
    assert value_of(extreme("max", [H, W]), known) == height
    assert value_of(extreme("min", [H, W]), known) == width
    assert value_of(common_divisor(H, W), known) == gcd(height, width)
    assert value_of(multiply(extreme("max", [H, W]), add(H, whole(1))), known) == height * (height + 1)


@for_each(
    ("one", "other"),
    [(H, add(H, whole(1))), (add(H, whole(1)), H), (multiply(H, H), multiply(W, W)), (H, multiply(H, W))],
)
def test_quotients_by_other_sizes_have_no_form(one: LinearForm, other: LinearForm) -> None:
    with pytest.raises(NoFormError):
        quotient(one, other)


@for_each(
    ("form", "bound"),
    [
        (subtract(add(H, whole(2)), scaled(floor_of(H, 4), 4)), 2),
        (subtract(add(H, whole(-1)), scaled(floor_of(add(H, whole(-1)), 4), 4)), 0),
        (multiply(H, add(W, whole(-1))), 0), (multiply(H, add(W, whole(3))), 4), (subtract(H, W), float("-inf")),
        (multiply(H, add(W, whole(-3))), float("-inf")), (floor_of(add(H, whole(5)), 3), 2),
    ],
)  # fmt: skip
def test_lower_bounds_of_forms(form: LinearForm, bound: float) -> None:
    """A letter is at least 1. A form of one letter that repeats itself has the smallest of its values."""
    assert least(form) == bound


def test_lower_bounds_from_given_sizes_on() -> None:
    assert least(add(H, scaled(W, 2)), {"H": 5, "W": 3}) == 11
