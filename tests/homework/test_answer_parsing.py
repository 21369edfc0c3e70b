"""Answers as people write them, and what cannot be read."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.diagnostics import SpecError
from cnncalc.homework.answer_parsing import read_number, read_shape
from cnncalc.homework.check import check

CONV = "32x32x3 -> conv 20 8x8 s2 p1"  # 14x14x20; 3,860 parameters, 756,560 unshared


@pytest.mark.parametrize(
    "text",
    [
        "14x14x20", "14×14×20", "14 x 14 x 20", "[14, 14, 20]", "(14,14,20)", "14*14*20", "14 14 20", "14X14X20",
        "{14; 14; 20}", " ( 14 , 14 , 20 ) ", "[[14, 14, 20]]", "torch.Size([14, 14, 20])", "14·14·20",
        "= 14x14x20", "１４x１４x２０",
    ],
)  # fmt: skip
def test_shapes_that_are_right(text: str) -> None:
    (found,) = check(CONV, {"output": text})
    assert (found.status, found.note) == ("right", "")


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("20x14x14", "channels first; in this model's layout it is 14x14x20"),
        ("1x14x14x20", "the first size, 1, is the batch"),
        ("(None, 14, 14, 20)", "the first size, None, is the batch"),
        ("[-1, 14, 14, 20]", "the first size, -1, is the batch"),
    ],
)
def test_shapes_that_are_right_with_a_note(text: str, note: str) -> None:
    (found,) = check(CONV, {"output": text})
    assert (found.status, found.note) == ("right with a note", note)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("756560", 756560), ("756,560", 756560), ("756 560", 756560), ("756'560", 756560), ("756_560", 756560),
        ("756\u202f560", 756560), ("1,234,567", 1234567), ("1 234 567.5", Fraction("1234567.5")),
        ("3840 + 20", 3860), ("(8*8*3+1)*20", 3860), ("8·8·3·20+20", 3860), ("(8×8×3 + 1)×20", 3860),
        ("2^10", 1024), ("2**10 - 24", 1000), ("-(3 - 5)", 2), ("10/4", Fraction(5, 2)), ("10 ÷ 4", Fraction(5, 2)),
        ("7.6e5", 760000), ("0.76M", 760000), ("0,76M", 760000),
        ("3.86k", 3860), ("4 MiB", 4 * 2**20), ("2.5 GB", 25 * 10**8),
        ("25%", Fraction(1, 4)), ("1.5 million", 1500000), ("3860 parameters", 3860), ("+5", 5), (".5", Fraction(1, 2)),
        ("8²·3·20 + 20", 3860), ("2¹⁰", 1024), ("= 3860", 3860), ("≈ 3.9k", 3900), ("３８６０", 3860),
    ],
)  # fmt: skip
def test_numbers(text: str, value: Fraction | int) -> None:
    assert read_number(text).value == value


@pytest.mark.parametrize(
    ("text", "status", "note"),
    [
        ("756560", "right", ""),
        ("0.76M", "right with a note", "right within the given digits; the exact value is 756,560"),
        ("7.6e5", "right with a note", "right within the given digits; the exact value is 756,560"),
        ("0.757M", "right with a note", "right within the given digits; the exact value is 756,560"),
        ("0.75M", "wrong", ""),
        ("757000", "wrong", ""),  # written out, it is meant exactly
        ("756.560", "right with a note", "the point was read as a thousands separator"),
        ("756.561", "wrong", ""),
        ("(8*8*3+1)*20*14*14", "right", ""),
    ],
)
def test_rounded_numbers(text: str, status: str, note: str) -> None:
    (found,) = check(CONV, {"total.unshared_params": text})
    assert (found.status, found.note) == (status, note)


def test_points_between_thousands_of_a_wrong_answer() -> None:
    """756.560 is no number of parameters, but 756,560 is what they are without weight sharing."""
    (found,) = check(CONV, {"params": "756.560"})
    assert [suspect.name for suspect in found.suspects] == ["without_sharing"]


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("", 1, "the answer is empty"),
        ("   ", 1, "the answer is empty"),
        ("abc", 1, 'a number is needed, not "abc"'),
        ("3 +", 4, "a number is needed, the answer ends here"),
        ("3 $ 4", 3, '"$" cannot be parsed'),
        ("(3 + 4", 7, "a closing parenthesis is missing"),
        ("3 4", 3, '"4" is not part of a number'),
        ("12 bananas", 4, '"bananas" is not a unit'),
        ("1/0", 4, "division by 0"),
        ("2^1000", 7, "an exponent must be a whole number of at most 64"),
        ("9^64", 5, "the result has more than 40 digits"),
        ("1e999", 1, "more than 40 digits"),
        ("1" * 41, 1, "more than 40 digits"),
        ("__import__('os')", 1, '"_" cannot be parsed'),
        ("1+" * 150, 1, "the answer has 300 characters, more than 200"),
    ],
)
def test_unreadable_numbers(text: str, column: int, message: str) -> None:
    """What cannot be read is told with its place; it is never marked wrong."""
    with pytest.raises(SpecError) as error:
        read_number(text)
    (diagnostic,) = error.value.diagnostics
    assert (diagnostic.column, diagnostic.message) == (column, message)
    (found,) = check(CONV, {"params": text})
    assert (found.status, found.right) == ("unreadable", False)


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("14x14xtwenty", 7, '"twenty" is not a size of a shape'),
        ("x", 1, "the answer is not a shape"),
        ("14x14.5.1x20", 4, '"14.5.1" is not a size of a shape'),
        ("14xNonex20", 4, '"None" is not a size of a shape'),
    ],
)
def test_unreadable_shapes(text: str, column: int, message: str) -> None:
    with pytest.raises(SpecError) as error:
        read_shape(text)
    (diagnostic,) = error.value.diagnostics
    assert (diagnostic.column, diagnostic.message) == (column, message)


@given(st.integers(0, 10**30), st.sampled_from([",", " ", "'", "_", "\u2009"]))
def test_grouped_digits_are_the_number(number: int, separator: str) -> None:
    assert read_number(f"{number:,}".replace(",", separator)).value == number


@given(st.text(max_size=210))
def test_anything_is_read_or_refused(text: str) -> None:
    """No answer makes the tool fail."""
    for read in (read_number, read_shape):
        with suppress(SpecError):
            assert read(text)
