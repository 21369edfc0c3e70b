"""Answers about one spec, judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cnncalc.diagnostics import SpecError
from cnncalc.homework.figure_paths import AskedModel, ask, subject_of
from cnncalc.homework.judge import Judgement, Question
from cnncalc.reading.load import Reference


def check(source: Reference, answers: Mapping[str, object], **options: Any) -> list[Judgement]:
    """Judge `answers`, from a figure's path to what was answered; options as in `analyze`.

    Raises SpecError for a spec that cannot be used, and for figures that it does not have; an answer that cannot be
    read is a judgement of its own.

    >>> [found] = check("32x32x3 -> conv 20 8x8 s2 p1", {"params": "756560"})
    >>> found.status, found.suspects[0].name
    ('wrong', 'without_sharing')
    """
    return judge(subject_of(source, **options), [(path, str(answer)) for path, answer in answers.items()])


def judge(about: AskedModel, answers: Iterable[tuple[str, str]]) -> list[Judgement]:
    """Like `check`, for a model that is built."""
    questions, problems = [], []
    for path, text in answers:
        try:
            questions.append((Question(about, ask(about, path)), text))
        except SpecError as error:
            problems += error.diagnostics
    if problems:
        raise SpecError(problems)
    return [question.judge(text) for question, text in questions]
