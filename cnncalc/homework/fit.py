"""Questions whose right answer is that it does not fit: a spec that only the sizes make impossible."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cnncalc.diagnostics import Diagnostic, SpecError
from cnncalc.homework.answer_parsing import read_number, read_shape, says_it_does_not_fit
from cnncalc.homework.judge import RIGHT, UNREADABLE, WRONG
from cnncalc.homework.values import Verdict

DOES_NOT_FIT = "does not fit"
_ABOUT_SIZES = ("E301", "E302", "E303", "E304", "E305", "E308")
"""The codes of rules that refuse sizes: windows, strides, groups, shapes that do not go together."""


class DoesNotFit:
    """What is asked for cannot be: the spec's sizes are refused, and `problem` says why."""

    def __init__(self, name: str, problem: Diagnostic) -> None:
        self.name = name
        self.problem = problem

    @property
    def reason(self) -> str:
        return f"It does not fit: {self.problem.message}"

    def judge(self, text: str) -> Verdict:
        """Right for "does not fit" in any of its usual wordings; a size or a number is wrong."""
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
    """Whether a spec fails by its sizes alone, and is otherwise sound."""
    return bool(diagnostics) and all(diagnostic.code in _ABOUT_SIZES for diagnostic in diagnostics)


def judge_unfitting(
    diagnostics: Sequence[Diagnostic], answers: Iterable[tuple[str, str]]
) -> list[tuple[DoesNotFit, str, Verdict]] | None:
    """Verdicts on answers about a spec whose sizes are refused; None where no answer says so, or it fails otherwise."""
    given = list(answers)
    if not is_about_sizes(diagnostics) or not any(says_it_does_not_fit(text) for _, text in given):
        return None
    asked = [(DoesNotFit(path, diagnostics[0]), text) for path, text in given]
    return [(value, text, value.judge(text)) for value, text in asked]
