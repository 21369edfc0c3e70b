"""Which rules run."""

from __future__ import annotations

import pytest

from cnncalc.linting.rule import find_rule
from cnncalc.linting.selection import Selection, unknown_word, words_of
from tests.together import for_each


@for_each(
    ("selection", "runs", "rests"),
    [
        (Selection(), "A101 N101 E401 S001", "A106 N115"),
        (Selection(("A",)), "A101 A106", "N101 E401 S001"),
        (Selection(("A101", "N1")), "A101 N101 N115", "A102 S001"),
        (Selection(("ALL",)), "A101 A106 N115 S001", ""),
        (Selection(None, ("N115",)), "A101 N115", "A106"),
        (Selection(None, ("A",)), "A106 N101", "N115"),
        (Selection(None, (), ("A",)), "N101", "A101"),
        (Selection(None, (), ("unseen_border",)), "A102", "A101"),
        (Selection(("A101",), (), ("A",)), "A101", "A102"),
        (Selection(("A",), (), ("A101",)), "A102", "A101"),
        (Selection(("A",), (), ("A",)), "", "A101 N101"),
        (Selection(("ALL",), (), ("N11",)), "N101", "N115"),
        (Selection(("A",), (), ("ALL",)), "A101", "N101"),
        (Selection(("S",), (), ("E", "ALL")), "E101 E308", "E401 A101"),
    ],
)
def test_the_longest_word_decides(selection: Selection, runs: str, rests: str) -> None:
    """More words about a rule mean more; what keeps a spec from being built is always told."""
    for codes, expected in ((runs, True), (rests, False)):
        for code in codes.split():
            rule = find_rule(code)
            assert rule is not None
            assert selection.takes(rule) is expected, code


def test_words_are_split_and_made_alike() -> None:
    """Commas and blanks separate; codes are capitals, names lower snake case."""
    assert words_of("a101, n1 all,Unseen-Border") == ("A101", "N1", "ALL", "unseen_border")


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("A101", None),
        ("E", None),
        ("even_kernel", None),
        ("even_kernl", 'unknown rule "even_kernl": did you mean "even_kernel"?'),
        ("Q", 'unknown rule "Q": `cnncalc rule` lists them'),
    ],
)
def test_unknown_words(word: str, said: str | None) -> None:
    """What stands for no rule is said, with what it could have been."""
    assert unknown_word(word) == said
