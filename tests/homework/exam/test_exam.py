"""The exam: at least 95 % of the wrong answers are named first, none falsely, and nonsense is not named."""

from __future__ import annotations

import pytest

from cnncalc.homework.check import check
from tests.homework.exam.answers import Wrong
from tests.homework.exam.chance import COUNTS, by_chance
from tests.homework.exam.score import (
    FALSELY,
    FIRST,
    MARKED_RIGHT,
    REFUSED,
    UNNAMED,
    WRONG_ANSWERS,
    score_nonsense,
    score_written,
    score_wrong,
    tally,
)
from tests.together import for_each


def test_wrong_answers() -> None:
    scored = list(score_wrong())
    counts = tally(scored)
    worst = [str(one) for one in scored if one.verdict in (FALSELY, MARKED_RIGHT)]
    assert worst == []
    assert len(scored) >= 150
    assert counts[FIRST] >= 0.95 * len(scored)


def test_nonsense_is_not_named() -> None:
    scored = list(score_nonsense())
    assert len(scored) >= 40
    assert [str(one) for one in scored if one.verdict != UNNAMED] == []


def test_no_right_answer_is_refused() -> None:
    scored = list(score_written())
    assert len(scored) >= 60
    assert [str(one) for one in scored if one.verdict == REFUSED] == []


EXACT = [row for row in WRONG_ANSWERS if isinstance(row, Wrong) and not isinstance(row.answer, str)]


@for_each("row", EXACT, ids=str)
def test_the_number_beside_is_not_named(row: Wrong) -> None:
    """One more, or a height that is one more, has another reason or none."""
    near = row.answer + 1 if isinstance(row.answer, int) else (row.answer[0] + 1, *row.answer[1:])  # type: ignore[operator]
    (found,) = check(row.spec, {row.path: row._replace(answer=near).text}, **row.options)
    assert not {suspect.name for suspect in found.suspects} & set(row.names.split("|")) - {"another_figure"}


@pytest.mark.parametrize(("spec", "path"), COUNTS[::3])
def test_at_most_one_random_number_in_a_hundred_is_named(spec: str, path: str) -> None:
    found = by_chance(spec, path)
    assert found.named <= 0.01 * found.drawn
