"""The exam: at least 95 % of the wrong answers are named first, none falsely, and nonsense is not named."""

from __future__ import annotations

import pytest

from tests.homework.exam.answers import WrongArray
from tests.homework.exam.chance import COUNTS, by_chance
from tests.homework.exam.score import (
    EXAMS,
    FALSELY,
    FIRST,
    MARKED_RIGHT,
    REFUSED,
    UNNAMED,
    UNREADABLE,
    WRONG_ANSWERS,
    Questions,
    names_of,
    score_meaningless,
    score_nonsense,
    score_written,
    score_wrong,
    tally,
)
from tests.sweeps import sampled


@pytest.fixture(scope="module")
def questions() -> Questions:
    """The questions of the exam, whose mistakes are computed once for all tests."""
    return Questions()


@pytest.mark.parametrize(("name", "count"), sampled([("third", 120), ("first", 150), ("second", 300)]))
def test_wrong_answers(questions: Questions, name: str, count: int) -> None:
    scored = list(score_wrong(questions, EXAMS[name]))
    counts = tally(scored)
    worst = [str(one) for one in scored if one.verdict in (FALSELY, MARKED_RIGHT)]
    assert worst == []
    assert len(scored) >= count
    assert counts[FIRST] >= 0.95 * len(scored)


def test_answers_that_mean_nothing_are_unreadable(questions: Questions) -> None:
    scored = list(score_meaningless(questions, EXAMS["second"]))
    assert len(scored) >= 40
    assert [str(one) for one in scored if one.verdict != UNREADABLE] == []


def test_nonsense_is_not_named(questions: Questions) -> None:
    scored = list(score_nonsense(questions))
    assert len(scored) >= 40
    assert [str(one) for one in scored if one.verdict != UNNAMED] == []


@pytest.mark.parametrize("name", EXAMS)
def test_every_right_answer_is_read(questions: Questions, name: str) -> None:
    scored = list(score_written(questions, EXAMS[name]))
    assert len(scored) >= 60
    assert [str(one) for one in scored if one.verdict in (REFUSED, UNREADABLE)] == []


@pytest.mark.parametrize("part", sampled(range(12), every=12))
def test_the_number_beside_is_not_named(questions: Questions, part: int) -> None:
    """One more, or a height that is one more, has another reason or none."""
    for row in WRONG_ANSWERS[part::12]:
        if isinstance(row, WrongArray) or isinstance(row.answer, str):
            continue
        near = row.answer + 1 if isinstance(row.answer, int) else (row.answer[0] + 1, *row.answer[1:])
        found = questions.judge(row, row._replace(answer=near).text)
        many = {"another_figure", "input_left_out_of_concat"}  # which have several variants
        assert not set(names_of(found)) & set(row.names.split("|")) - many, row


@pytest.mark.parametrize(("spec", "path"), COUNTS[::5])
def test_at_most_one_random_number_in_a_hundred_is_named(spec: str, path: str) -> None:
    found = by_chance(spec, path)
    assert found.named <= 0.01 * found.drawn
