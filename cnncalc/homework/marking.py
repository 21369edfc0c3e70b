"""Grading a student's answers: points for each part, with follow-through.

An answer follows if it is the result when some of the student's earlier wrong answers are assumed to be right. It is
not known which of them the student used, so every selection of the last few is tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic, SpecError
from cnncalc.homework.answers.numbers import read_number
from cnncalc.homework.answers.wording import is_blank
from cnncalc.homework.comparison import value_said
from cnncalc.homework.figure_paths import Asked, FigureValue
from cnncalc.homework.follow_through import worked_from
from cnncalc.homework.judge import NEARLY, RIGHT, WRONG, Judgement, Question
from cnncalc.homework.rework import Exhausted, Workings
from cnncalc.homework.sheet import QuestionPart, QuestionSheet
from cnncalc.homework.suspects import Suspect
from cnncalc.reading.limits import DEFAULT_LIMITS, Limits

MISSING, FOLLOWS = "no answer", "wrong, but follows"
MOST_TAKEN = 6
"""The number of earlier wrong answers whose combinations (at most 63) are tried; more are only used together."""
_WORK_OF_AN_ANSWER = 2_000
"""The number of layers computed per answer, where each selection counts as ten; deep models try fewer selections."""

_FOLLOWED, _FOLLOWED_FOR_EACH = 3, 300
"""The budget for follow-through per layer of the limit, and per student."""


class Mark(NamedTuple):
    """The points of one answer, with the reason."""

    part: QuestionPart
    text: str
    status: str
    points: Fraction
    note: str = ""
    suspects: tuple[Suspect, ...] = ()
    problem: Diagnostic | None = None
    judgement: Judgement | None = None


class Marked(NamedTuple):
    """The graded sheet of one student."""

    student: str
    marks: tuple[Mark, ...]

    @property
    def points(self) -> Fraction:
        return sum((mark.points for mark in self.marks), Fraction(0))


class Marker:
    """A grader for many students' answers to one sheet, which caches the judgement of each answer."""

    def __init__(self, sheet: QuestionSheet, students: int = 1, limits: Limits | None = None) -> None:
        self.sheet = sheet
        self._limits = limits or DEFAULT_LIMITS
        self._workings = Workings(_FOLLOWED * self._limits.layers + _FOLLOWED_FOR_EACH * students)
        self._known: dict[tuple[str, str], Mark] = {}
        self._expected: dict[tuple[str, ...], FigureValue | None] = {}

    def mark(self, student: str, answers: Mapping[str, str]) -> Marked:
        """Grade the answers of one student, by the names of the parts."""
        marks: list[Mark] = []
        for part in self.sheet.parts:
            mark = self._mark(part, answers.get(part.name, ""))
            if mark.status == WRONG and part.question is not None:
                earlier = [other for other in marks if other.part.group == part.group]
                mark = self._followed(mark, earlier, most_taken(len(part.question.about.graph.nodes)))
            marks.append(mark)
        return Marked(student, tuple(marks))

    def _mark(self, part: QuestionPart, text: str) -> Mark:
        key = (part.name, text)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = _fresh(part, text)
        return known

    def _followed(self, mark: Mark, earlier: list[Mark], most: int) -> Mark:
        """The mark of a wrong answer that would be right if some of the earlier wrong ones were."""
        wrong = [other for other in earlier if other.status in (WRONG, FOLLOWS) and other.part.question]
        for taken in _choices(wrong, most):
            expected = self._expectation(mark, taken)
            if expected is not None and _says(mark, expected):
                names = ", ".join(other.part.name for other in taken)
                note = f"computed correctly from the wrong answer to {names}"
                points = mark.part.points if mark.part.follows else Fraction(0)
                return mark._replace(status=FOLLOWS, points=points, note=note, suspects=())
        return mark

    def _expectation(self, mark: Mark, taken: Sequence[Mark]) -> FigureValue | None:
        """Like `_expected`. Raises SpecError if the answers of all students exceed the budget."""
        key = (mark.part.name, *(word for other in taken for word in (other.part.name, other.text)))
        if key not in self._expected:
            try:
                self._expected[key] = _expected(mark.part, taken, self._workings)
            except Exhausted:
                message = "follow-through of the wrong answers would take too long"
                hint = "grade fewer students at once, or give --max-layers N"
                raise SpecError([Diagnostic("E103", message, hint=hint)]) from None
        return self._expected[key]


def most_taken(layers: int) -> int:
    """The number of wrong answers combined for a part of a model with this number of nodes; at least one."""
    return max(1, min(MOST_TAKEN, (_WORK_OF_AN_ANSWER // (layers + 10)).bit_length() - 1))


def _choices(wrong: Sequence[Mark], most: int) -> Iterator[Sequence[Mark]]:
    """The selections of wrong answers that a student may have used: one, then two, and so on."""
    last = wrong[-most:]
    for count in range(1, len(last) + 1):
        yield from combinations(last, count)
    if len(wrong) > most:
        yield wrong


def _fresh(part: QuestionPart, text: str) -> Mark:
    if is_blank(text):
        return Mark(part, text, MISSING, Fraction(0))
    if part.question is not None:
        found = part.question.judge(text)
        share, note = (Fraction(1), found.note) if found.right else _partly(part, found)
        return Mark(part, text, found.status, part.points * share, note, found.suspects, found.problem, found)
    assert part.value is not None
    verdict = part.value.judge(text)
    points = part.points if verdict.status in (RIGHT, NEARLY) else Fraction(0)
    return Mark(part, text, verdict.status, points, verdict.note, verdict.suspects, verdict.problem)


def _partly(part: QuestionPart, found: Judgement) -> tuple[Fraction, str]:
    """The fraction of the points for the mistake with the highest partial credit, and its name."""
    shares = [(part.partial[suspect.name], suspect.what) for suspect in found.suspects if suspect.name in part.partial]
    share, what = max(shares, default=(Fraction(0), ""))
    return share, f"partial credit: {what}" if share else found.note


def _expected(part: QuestionPart, wrong: Sequence[Mark], workings: Workings) -> FigureValue | None:
    """The result of a part if these wrong answers were right; None if it does not depend on them."""
    assert part.question is not None
    taken: list[tuple[Asked, FigureValue]] = []
    for mark in wrong:
        assert mark.part.question is not None
        asked = mark.part.question.asked
        value = _read(mark)
        if value is None:
            return None
        taken.append((asked, value))
    if part.question.asked.over is not None:
        return _ratio(part.question, {asked.path: value for asked, value in taken})
    return worked_from(part.question, taken, workings)


def _ratio(question: Question, said: Mapping[str, FigureValue]) -> FigureValue | None:
    """The ratio of two answers, at least one of which is the student's."""
    names = [name.strip() for name in question.asked.path.split("/")]
    above, below = (said.get(name, question.figure(name)) for name in names)
    if isinstance(above, tuple) or isinstance(below, tuple) or not below:
        return None
    return Fraction(above) / below


def _read(mark: Mark) -> FigureValue | None:
    assert mark.part.question is not None
    try:
        return value_said(mark.part.question.about, mark.part.question.asked, mark.text)
    except SpecError:  # that it cannot be parsed was already reported
        return None


def _says(mark: Mark, expected: FigureValue) -> bool:
    """Whether an answer equals this value, within the given digits."""
    if isinstance(expected, tuple):
        return _read(mark) == expected
    try:
        number = read_number(mark.text)
    except SpecError:
        return False
    return number.says(expected)
