"""A sheet as every format of exercises needs it: tasks with prompts, their right answers and the known wrong ones."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from cnncalc.drawing.forms import svg
from cnncalc.drawing.picture import Picture
from cnncalc.homework.comparison import compare
from cnncalc.homework.figure_paths import FigureValue, show_value
from cnncalc.homework.fit import DOES_NOT_FIT, DoesNotFit
from cnncalc.homework.judge import RIGHT, Question
from cnncalc.homework.sheet import QuestionPart, QuestionSheet
from cnncalc.homework.values import Hyperparameter, Output, rows_of
from cnncalc.number_text import decimal
from cnncalc.render.exercises.asking import asked_in_words
from cnncalc.render.exercises.stating import described_in_words
from cnncalc.render.homework.marked import right_value
from cnncalc.render.homework.picture import question_picture
from cnncalc.render.homework.working import working

_MOST_SLIPS = 12
_SLIP_NOTATIONS = 5
_TRIED = (range(32), range(32, 129))
"""Values of a hyperparameter that are tried, small ones first: every one that meets the condition is right."""
_DIGITS, _HALF_A_DIGIT = 2, Fraction(1, 200)
"""Ratios and averages are right to two decimals."""
_FLOAT_NOISE = 1e-6
"""A number of an array that differs by less from a whole number is whole."""


class Slip(NamedTuple):
    """A known wrong answer, in the notations that are looked for, and the reason why it is wrong."""

    name: str
    answers: tuple[str, ...]
    feedback: str
    share: Fraction = Fraction(0)
    """The fraction of the points that the sheet gives for it."""


_MARKS = ("?", ":", ".", "!")


class Prompt(NamedTuple):
    """One thing to answer."""

    name: str
    asks: str
    answers: tuple[str, ...]
    """The right answers, the usual notation first."""
    is_number: bool
    tolerance: Fraction
    slips: tuple[Slip, ...]
    working: tuple[str, ...]
    points: Fraction
    shown: str
    """The right answer as people read it: with separators of thousands."""
    grid: tuple[tuple[str, ...], ...] = ()
    """The rows of an array, for platforms with a field for each number; a list has one row."""

    @property
    def label(self) -> str:
        """The text before the answer: with a colon, unless the sheet's own text ends in a mark."""
        return self.asks if self.asks.endswith(_MARKS) else f"{self.asks}:"

    @property
    def question(self) -> str:
        """The text as a question of its own."""
        return self.asks if self.asks.endswith(_MARKS) else f"{self.asks}?"

    @property
    def right(self) -> str:
        return self.answers[0]

    @property
    def is_list(self) -> bool:
        """Whether the answer is a list of numbers, which is one row."""
        return len(self.grid) == 1 and not self.right.startswith("[[")

    @property
    def length(self) -> int:
        """The number of characters of a field for the answer."""
        return max(10, *(len(answer) + 2 for answer in (self.right, *(slip.answers[0] for slip in self.slips))))


class Task(NamedTuple):
    """A question with its prompts."""

    name: str
    text: str
    prompts: tuple[Prompt, ...]
    drawing: Picture | None = None
    """A picture that does not show the answer."""

    @property
    def picture(self) -> str:
        """The picture as an SVG file, or nothing."""
        return svg.render(self.drawing) if self.drawing else ""

    @property
    def picture_base64(self) -> str:
        return b64encode(self.picture.encode()).decode()

    @property
    def picture_address(self) -> str:
        """The picture as the address of an image that needs no other file."""
        return f"data:image/svg+xml;base64,{self.picture_base64}"

    @property
    def points(self) -> Fraction:
        return sum((prompt.points for prompt in self.prompts), Fraction(0))


class Paper(NamedTuple):
    """The tasks of a sheet."""

    title: str
    tasks: tuple[Task, ...]
    student: str = ""

    @property
    def points(self) -> Fraction:
        return sum((task.points for task in self.tasks), Fraction(0))


def paper_of(sheet: QuestionSheet, *, slips: bool = True, draw: bool = False) -> Paper:
    """The paper of a sheet; known wrong answers and pictures are made only if a format has a place for them."""
    groups: dict[int, list[QuestionPart]] = {}
    for part in sheet.parts:
        groups.setdefault(part.group, []).append(part)
    tasks = [
        Task(
            parts[0].name.partition(".")[0],
            sheet.texts[group] or described_in_words(parts),
            tuple(_prompt(part, slips=slips) for part in parts),
            question_picture(parts) if draw else None,
        )
        for group, parts in groups.items()
    ]
    return Paper(sheet.title, tuple(tasks), sheet.student)


def _prompt(part: QuestionPart, *, slips: bool) -> Prompt:
    answers = tuple(dict.fromkeys(_answers(part)))
    found = tuple(_slips(part, part.question, answers)) if slips and part.question else ()
    lines = tuple(working(part.question.about, part.question.asked)) if part.question else _reason(part)
    value = part.question.asked.value if part.question else None
    is_number = not isinstance(value, tuple) if part.question else isinstance(part.value, Hyperparameter)
    exact = value is None or isinstance(value, tuple) or value == int(value)
    tolerance, grid = Fraction(0) if exact else _HALF_A_DIGIT, _grid(part)
    if grid and any("." in cell for row in grid for cell in row):
        tolerance = _HALF_A_DIGIT
    return Prompt(
        part.name, asked_in_words(part), answers, is_number, tolerance, found, lines, part.points,
        _shown(part, answers), grid)  # fmt: skip


def _shown(part: QuestionPart, answers: tuple[str, ...]) -> str:
    """The right answer as people read it; where several are right, the condition and one of them."""
    right = right_value(part)
    return f"{right}, such as {answers[0]}" if isinstance(part.value, Hyperparameter) and answers[0] != right else right


def _grid(part: QuestionPart) -> tuple[tuple[str, ...], ...]:
    """The cells of a part whose answer is a matrix."""
    if not isinstance(part.value, Output):
        return ()
    rows = rows_of(part.value.value)
    return tuple(tuple(_rounded(cell) for cell in row) for row in rows)


def _rounded(number: float) -> str:
    """A number with at most two decimals; a fraction keeps them, `1.00`, which says that it is rounded."""
    short = round(number, _DIGITS)
    is_fraction_of_whole = short == int(short) and abs(number - short) > _FLOAT_NOISE
    return f"{short:.{_DIGITS}f}" if is_fraction_of_whole else decimal(short, 12)


def _reason(part: QuestionPart) -> tuple[str, ...]:
    return (part.value.reason,) if isinstance(part.value, DoesNotFit) else ()


def _answers(part: QuestionPart) -> list[str]:
    """The right answers of a part."""
    if part.question is not None:
        return _right_notations(part.question)
    if isinstance(part.value, Output):
        return _array_notations(part.value.value)
    if isinstance(part.value, DoesNotFit):
        return [
            DOES_NOT_FIT,
            "it does not fit",
            "doesn't fit",
            "impossible",
            "not possible",
            "not an integer",
            "invalid",
        ]
    assert isinstance(part.value, Hyperparameter)
    for numbers in _TRIED:
        if right := [str(number) for number in numbers if part.value.judge(str(number)).status == RIGHT]:
            return right
    return ["any value with " + ", ".join(f"{path} = {size}" for path, size in part.value.wanted.items())]


def _right_notations(question: Question) -> list[str]:
    """The notations of a right answer; one number applies to all axes of a receptive field or a stride."""
    value = question.asked.value
    if isinstance(value, tuple) and not question.asked.is_size and len(set(value)) == 1:
        return [str(value[0]), *notations(value)]
    return notations(value)


def notations(value: FigureValue) -> list[str]:
    """The notations of a value that a platform compares with an answer letter by letter."""
    if not isinstance(value, tuple):
        whole = int(value) if value == int(value) else None
        return [str(whole)] if whole is not None else [_rounded(float(value))]
    if len(value) < 2:
        return [show_value(value).replace(",", "")]
    sizes = [str(size) for size in value]
    marks = ("x", " x ", "×", " × ", ", ", ",")
    plain = [mark.join(sizes) for mark in marks]
    return [*plain, f"({', '.join(sizes)})", f"[{', '.join(sizes)}]", f"({','.join(sizes)})"]


def _array_notations(value: Any) -> list[str]:
    def shown(inner: Any) -> str:
        return f"[{', '.join(map(shown, inner))}]" if isinstance(inner, list) else _rounded(inner)

    text = shown(value)
    rows = text.replace("], [", "; ").replace("[[", "[").replace("]]", "]").replace(",", "")
    return [text, text.replace(" ", ""), rows]


def _slips(part: QuestionPart, question: Question, right: tuple[str, ...]) -> Iterator[Slip]:
    """The wrong answers of single mistakes that look like an answer, the likeliest first."""
    seen = set(right)
    count = 0
    is_shape = isinstance(question.asked.value, tuple)
    known = [(value, suspect) for value, suspect in question.wrong_answers() if isinstance(value, tuple) is is_shape]
    for value, suspect in sorted(known, key=lambda one: one[1].mistakes[0].change is None):
        texts = tuple(
            text
            for text in dict.fromkeys(notations(value)[:_SLIP_NOTATIONS])
            if text not in seen and compare(question.about, question.asked, text)[0] is not None
        )  # not those that are right in another layout
        if texts and count < _MOST_SLIPS:
            seen.update(texts)
            count += 1
            share = part.partial.get(suspect.name, Fraction(0))
            yield Slip(suspect.name, texts, f"{suspect.what}: {suspect.why}".replace("*", ""), share)
