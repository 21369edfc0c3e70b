"""Individual exercises: every student gets the same kinds of exercises with other numbers, from one seed and an ID.

    title: Week 3
    individual: {topics: [conv, params], count: 4, level: 2, seed: 7}
    partial_credit: {bias_forgotten: 0.5}

Such a file takes the place of a sheet when answers are marked: the numbers of a student follow from the ID.
"""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from cnncalc.diagnostics import Source, SpecError
from cnncalc.homework.exercises.quiz import as_sheet, make_quiz
from cnncalc.homework.exercises.topics import TOPICS
from cnncalc.homework.gradebooks.columns import Student
from cnncalc.homework.sheet import QuestionSheet, read_sheet
from cnncalc.homework.values import located
from cnncalc.reading.limits import DEFAULT_LIMITS, Limits
from cnncalc.reading.nodes import Mapping
from cnncalc.reading.scalars import plain_value
from cnncalc.reading.yaml_reader import read_yaml

_KEY = re.compile(r"^(?:\s*\{.*)?\"?individual\"?\s*:", re.MULTILINE | re.DOTALL)
_FIELDS = ("topics", "count", "level", "seed")


class IndividualSheet(NamedTuple):
    """The settings from which each student's sheet is drawn."""

    title: str
    topics: tuple[str, ...]
    amount: int
    level: int
    seed: int
    partial: str = ""
    """The grading rules of a sheet for partial credit, as YAML."""

    def text(self) -> str:
        """The file that marks the answers."""
        drawn = {"topics": list(self.topics), "count": self.amount, "level": self.level, "seed": self.seed}
        lines = [f"title: {json.dumps(self.title, ensure_ascii=False)}", f"individual: {json.dumps(drawn)}"]
        return "\n".join([*lines, *([f"partial_credit: {self.partial}"] if self.partial else []), ""])

    def text_for(self, student: Student) -> str:
        """The sheet of a student, as YAML."""
        quiz = make_quiz(self.topics, self.amount, self.level, self.seed, student.id.casefold())
        shown = f"{student.name} ({student.id})" if student.name not in ("", student.id) else student.id
        text = as_sheet(quiz._replace(title=self.title), shown)
        return f"{text}partial_credit: {self.partial}\n" if self.partial else text

    def sheet_for(self, student: Student, limits: Limits | None = None) -> QuestionSheet:
        """The sheet of a student. Raises SpecError for a student without an ID."""
        return read_sheet(Source("<sheet>", self.text_for(student)), limits)


def is_individual(source: Source) -> bool:
    """Whether a text contains the settings of individual sheets."""
    return bool(_KEY.search(source.text))


def read_individual(source: Source) -> IndividualSheet:
    """Parse the settings. Raises SpecError."""
    root, diagnostics = read_yaml(source, DEFAULT_LIMITS)
    if root is None or diagnostics:
        raise SpecError(diagnostics)
    entries = root.get("individual") if isinstance(root, Mapping) else None
    if not isinstance(root, Mapping) or not isinstance(entries, Mapping):
        hint = "write `individual: {topics: [conv, params], count: 4, level: 2, seed: 7}`"
        raise located("`individual` needs the settings of the exercises", root.span, hint)
    for name, (written, _) in (*root.entries.items(), *entries.entries.items()):
        if name not in ("title", "individual", "partial_credit", *_FIELDS):
            hint = f"it may have title, individual, partial_credit; individual has {', '.join(_FIELDS)}"
            raise located(f'an individual sheet has no key "{name}"', written.span, hint)
    given: dict[str, Any] = {name: plain_value(node) for name, (_, node) in entries.entries.items()}
    topics = given.get("topics", list(TOPICS))
    numbers = (given.get("count", 10), given.get("level", 1), given.get("seed", 1))
    if not isinstance(topics, list) or not all(isinstance(name, str) for name in topics) or not topics:
        raise located("`topics` needs a list of names", entries.span)
    if any(isinstance(number, bool) or not isinstance(number, int) for number in numbers):
        raise located("count, level and seed must be whole numbers", entries.span)
    partial, title = root.get("partial_credit"), root.get("title")
    return IndividualSheet(
        str(plain_value(title)) if title else "", tuple(topics), *numbers,
        json.dumps(plain_value(partial)) if partial else "",
    )  # fmt: skip
