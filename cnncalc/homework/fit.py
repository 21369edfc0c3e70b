"""Questions with the answer "does not fit": specs that are invalid only because of their sizes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cnncalc.diagnostics import Diagnostic, SpecError
from cnncalc.homework.answers.numbers import read_number
from cnncalc.homework.answers.shapes import read_shape
from cnncalc.homework.answers.wording import says_it_does_not_fit
from cnncalc.homework.judge import RIGHT, UNREADABLE, WRONG
from cnncalc.homework.values import Verdict

DOES_NOT_FIT = "does not fit"
_ABOUT_SIZES = ("E301", "E302", "E303", "E304", "E305", "E308")
"""The codes of rules that reject sizes: windows, strides, groups, incompatible shapes."""


class DoesNotFit:
    """A question without a value: the spec's sizes are rejected, and `problem` is the reason."""

    def __init__(self, name: str, problem: Diagnostic, source: Any = "") -> None:
        self.name = name
        self.problem = problem
        self.source = source

    @property
    def reason(self) -> str:
        return f"It does not fit: {self.problem.message}"

    def judge(self, text: str) -> Verdict:
        """Judge an answer: "does not fit", in any of its usual wordings, is right; a size or a number is wrong."""
        if says_it_does_not_fit(text):
            return Verdict(RIGHT)
        try:
            read_shape(text)
        except SpecError:
            try:
                read_number(text)
            except SpecError as error:
                return Verdict(UNREADABLE, problem=error.diagnostics[0])
        return Verdict(WRONG, self.problem.message)


def is_about_sizes(diagnostics: Sequence[Diagnostic]) -> bool:
    """Whether a spec is invalid only because of its sizes."""
    return bool(diagnostics) and all(diagnostic.code in _ABOUT_SIZES for diagnostic in diagnostics)


def judge_unfitting(
    diagnostics: Sequence[Diagnostic], answers: Iterable[tuple[str, str]]
) -> list[tuple[DoesNotFit, str, Verdict]] | None:
    """Verdicts on answers about a spec with rejected sizes; None if no answer says so, or it has other errors."""
    given = list(answers)
    if not is_about_sizes(diagnostics) or not any(says_it_does_not_fit(text) for _, text in given):
        return None
    asked = [(DoesNotFit(path, diagnostics[0]), text) for path, text in given]
    return [(value, text, value.judge(text)) for value, text in asked]
