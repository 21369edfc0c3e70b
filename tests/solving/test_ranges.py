"""Ranges as people write them."""

from __future__ import annotations

import pytest

from cnncalc.solving.ranges import Choice, RangeError, read_choice, read_numbers
from tests.together import for_each


@for_each(
    ("given", "numbers"),
    [
        ("3", (3,)),
        (3, (3,)),
        ("1..4", (1, 2, 3, 4)),
        (" 1 .. 4 ", (1, 2, 3, 4)),
        ("32..128:32", (32, 64, 96, 128)),
        ("32..100:32", (32, 64, 96)),  # a last step that does not reach the end is not taken
        ("7,5,5,3..4", (3, 4, 5, 7)),
        (range(2, 5), (2, 3, 4)),
        ([9, "1..2"], (1, 2, 9)),
    ],
)
def test_numbers(given, numbers):
    """Single numbers, stretches, steps and lists, sorted and each once."""
    assert read_numbers(given) == numbers


@pytest.mark.parametrize(
    ("given", "choice"),
    [
        ("1..2x5", Choice(((1, 2), (5,)))),
        ("1×2x3", Choice(((1,), (2,), (3,)))),
        ("0..1,same", Choice(((0, 1),), ("same",))),
        ("valid,same", Choice(((),), ("valid", "same"))),
    ],
)
def test_axes_and_words(given, choice):
    """A range for each axis, and words beside numbers or alone."""
    assert read_choice(given, least=0, words=("same", "valid")) == choice


@for_each(
    ("given", "said"),
    [
        ("4..2", "ends before it begins; write 2..4"),
        ("1..9:0", "step of 0"),
        ("0..3", "begins below 1"),
        ("1..1000001", "exceeds 1,000,000"),
        ("1-7", "not a range"),
        ("", "not a range"),
        ("-1", "not a range"),
        ("1.5", "not a range"),
        ("1..2x3,4", "cannot be combined"),
        ("sme", 'did you mean "same"?'),
        ("9" * 40, "not a range"),
    ],
)
def test_what_is_no_range(given, said):
    """The message says what is wrong."""
    with pytest.raises(RangeError) as caught:
        read_choice(given, words=("same",))
    assert said in str(caught.value)


def test_one_range_where_axes_are_none():
    """A range for each axis is refused where one is needed."""
    with pytest.raises(RangeError, match="for each axis"):
        read_numbers("1x2")
