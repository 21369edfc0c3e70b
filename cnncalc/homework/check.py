"""Judging answers about one spec."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cnncalc.diagnostics import SpecError
from cnncalc.homework.figure_paths import AskedModel, ask, subject_of
from cnncalc.homework.judge import Judgement, Question
from cnncalc.reading.load import Reference


def check(source: Reference, answers: Mapping[str, object], **options: Any) -> list[Judgement]:
    """Judge `answers`, a mapping of metric paths to answers; options are those of `analyze`.

    Raises SpecError for an invalid spec or an unknown metric; an answer that cannot be parsed gives a judgement with a
    problem.

    >>> [found] = check("32x32x3 -> conv 20 8x8 s2 p1", {"params": "756560"})
    >>> found.status, found.suspects[0].name
    ('wrong', 'without_sharing')
    """
    return judge(subject_of(source, **options), [(path, str(answer)) for path, answer in answers.items()])


def judge(about: AskedModel, answers: Iterable[tuple[str, str]]) -> list[Judgement]:
    """Like `check`, for a model that is already built."""
    questions, problems = [], []
    for path, text in answers:
        try:
            questions.append((Question(about, ask(about, path)), text))
        except SpecError as error:
            problems += error.diagnostics
    if problems:
        raise SpecError(problems)
    return [question.judge(text) for question, text in questions]
