"""Tuples as in code, and texts that only look like one."""

from __future__ import annotations

import pytest

from cnncalc.layers.code_tuples import is_tuple, read_tuple
from tests.together import for_each


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(3, 3)", True), ("(-1,)", True), ("(None, ${size})", True), ("((1, 1), [2, 2])", True),
        ("(3)", False), ("(3, 3", False), ("3, 3)", False), ("(a, 3)", False), ("(conv 3, 5)", False), ("", False),
    ],
)  # fmt: skip
def test_which_texts_are_tuples(text: str, expected: bool) -> None:
    """Numbers with a comma between parentheses: `(3)` may be an item of a spec."""
    assert is_tuple(text) is expected


@for_each(
    ("text", "expected"),
    [
        # as Python reads them, but for the parentheses around one number, which are a list there too
        ("(3, 5)", [3, 5]), ("((1, 2), (3, 4))", [[1, 2], [3, 4]]), ("(3, (1, 2))", [3, [1, 2]]),
        ("((1, 2), 3)", [[1, 2], 3]), ("(None, 7)", [None, 7]), ("(~, 7)", [None, 7]),
        ("(3)", 3), ("(3,)", [3]), ("(3, 5,)", [3, 5]), ("[3]", [3]), ("((3), 4)", [3, 4]), ("((3,), 4)", [[3], 4]),
        ("[(3)]", [3]), ("()", []), ("((), 4)", [[], 4]), ("( -1 , +2 )", [-1, 2]),
        ("(.5, 2., 1e-3)", [0.5, 2.0, 0.001]),
        ("3", 3),
        # twenty levels are too many
        ("(" * 19 + "7" + ")" * 19, 7),
    ],
)  # fmt: skip
def test_read(text: str, expected: object) -> None:
    found = read_tuple(text)
    assert (found, repr(found)) == (expected, repr(expected))


@for_each(
    "text",
    [
        "(3, 5", "(3 5)", "(, 3)", "(3,, 5)", "(3, 5), 7", "(3, 5) 7", "(3 (5))", "((3) (5))", "3)", ")", "(", "", "a",
        "(3, a)", "3, 5", "(" * 20 + "7" + ")" * 20,
    ],
)  # fmt: skip
def test_other_texts_stay(text: str) -> None:
    assert read_tuple(text) == text
