"""A student's answers marked: points for each part, with follow-through."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Diagnostic, SpecError
from cnncalc.homework.asking import Asked, Value
from cnncalc.homework.judge import NEARLY, RIGHT, WRONG, Judgement, Suspect
from cnncalc.homework.reading import read_number, read_shape
from cnncalc.homework.sheet import Part, Sheet

MISSING, FOLLOWS = "no answer", "wrong, but follows"


class Mark(NamedTuple):
    """What one answer is worth, and why."""

    part: Part
    text: str
    status: str
    points: Fraction
    note: str = ""
    suspects: tuple[Suspect, ...] = ()
    problem: Diagnostic | None = None
    judgement: Judgement | None = None


class Marked(NamedTuple):
    """One student's sheet."""

    student: str
    marks: tuple[Mark, ...]

    @property
    def points(self) -> Fraction:
        return sum((mark.points for mark in self.marks), Fraction(0))


class Marker:
    """Marks many students' answers to one sheet; what is found about an answer is kept for the next who gives it."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._known: dict[tuple[str, str], Mark] = {}

    def mark(self, student: str, answers: Mapping[str, str]) -> Marked:
        """Mark the answers of one student, by the parts' names."""
        marks: list[Mark] = []
        for part in self.sheet.parts:
            mark = self._mark(part, answers.get(part.name, ""))
            if mark.status == WRONG and part.question is not None:
                mark = self._followed(mark, [other for other in marks if other.part.group == part.group])
            marks.append(mark)
        return Marked(student, tuple(marks))

    def _mark(self, part: Part, text: str) -> Mark:
        key = (part.name, text)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = _fresh(part, text)
        return known

    def _followed(self, mark: Mark, earlier: list[Mark]) -> Mark:
        """The mark of a wrong answer that is right if the wrong ones before it were."""
        asked = mark.part.question.asked if mark.part.question else None
        wrong = [other for other in earlier if other.status in (WRONG, FOLLOWS) and other.part.question]
        if asked is None or not wrong:
            return mark
        expected = _expected(mark.part, asked, wrong)
        if expected is None or not _says(mark.text, expected):
            return mark
        names = ", ".join(other.part.name for other in wrong)
        note = f"worked out rightly from the wrong answer to {names}"
        return mark._replace(status=FOLLOWS, points=mark.part.points if mark.part.follows else Fraction(0), note=note)


def _fresh(part: Part, text: str) -> Mark:
    if not text.strip():
        return Mark(part, text, MISSING, Fraction(0))
    if part.question is not None:
        found = part.question.judge(text)
        share, note = (Fraction(1), found.note) if found.right else _partly(part, found)
        return Mark(part, text, found.status, part.points * share, note, found.suspects, found.problem, found)
    assert part.value is not None
    verdict = part.value.judge(text)
    points = part.points if verdict.status in (RIGHT, NEARLY) else Fraction(0)
    return Mark(part, text, verdict.status, points, verdict.note, (), verdict.problem)


def _partly(part: Part, found: Judgement) -> tuple[Fraction, str]:
    """The share of the points that is left for the mistake that costs least, and its name."""
    shares = [(part.partial[suspect.name], suspect.what) for suspect in found.suspects if suspect.name in part.partial]
    share, what = max(shares, default=(Fraction(0), ""))
    return share, f"partial credit: {what}" if share else found.note


def _expected(part: Part, asked: Asked, wrong: list[Mark]) -> Value | None:
    """What the part asks for if the wrong answers before it were right."""
    assert part.question is not None
    said: dict[str, Value] = {}
    outputs: dict[int, Shape] = {}
    for mark in wrong:
        other = mark.part.question.asked if mark.part.question else None
        value = _read(mark.text, other) if other else None
        if other is None or value is None:
            continue
        said[other.path] = value
        if other.figure == "output" and not other.part and other.place is not None and isinstance(value, tuple):
            outputs[other.place] = value
    if asked.over is not None:
        return _ratio(part, asked, said)
    if outputs:
        return part.question.worked_from(outputs)
    return _total(part, asked, wrong)


def _ratio(part: Part, asked: Asked, said: Mapping[str, Value]) -> Value | None:
    """The ratio of two answers, of which at least one is the student's own."""
    assert part.question is not None
    names = [name.strip() for name in asked.path.split("/")]
    above, below = (said.get(name, part.question.figure(name)) for name in names)
    own = any(name in said for name in names)
    if not own or isinstance(above, tuple) or isinstance(below, tuple) or not below:
        return None
    return Fraction(above) / below


def _total(part: Part, asked: Asked, wrong: list[Mark]) -> Value | None:
    """The sum over all layers with the student's figures for some of them."""
    if asked.place is not None or not isinstance(asked.value, int):
        return None
    total, changed = asked.value, False
    for mark in wrong:
        other = mark.part.question.asked if mark.part.question else None
        value = _read(mark.text, other) if other else None
        if other and other.place is not None and other.figure == asked.figure and isinstance(value, int | Fraction):
            assert isinstance(other.value, int)
            total, changed = total + int(value) - other.value, True
    return total if changed else None


def _read(text: str, asked: Asked) -> Value | None:
    try:
        if asked.is_shape:
            return read_shape(text).sizes
        return read_number(text).value
    except SpecError:  # it was said already that this one cannot be read
        return None


def _says(text: str, expected: Value) -> bool:
    """Whether an answer says this value, within the digits that it gives."""
    try:
        if isinstance(expected, tuple):
            return read_shape(text).sizes == expected
        number = read_number(text)
    except SpecError:
        return False
    return abs(number.value - expected) <= (number.tolerance if number.rounded else 0)
