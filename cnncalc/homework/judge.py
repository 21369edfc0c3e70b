"""Judging an answer: right, right with a note, or wrong, with the mistakes that explain it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Diagnostic, SpecError
from cnncalc.homework.answers.wording import says_it_does_not_fit
from cnncalc.homework.comparison import compare
from cnncalc.homework.figure_paths import Asked, AskedModel, FigureValue, ask, plain_number
from cnncalc.homework.rework import Figures, Workings, rework
from cnncalc.homework.suspects import Suspect, SuspectSearch

RIGHT, NEARLY, WRONG, UNREADABLE = "right", "right with a note", "wrong", "unreadable"
_TOO_LARGE = "the model is too large to try all mistakes"


_IT_FITS = "it fits: if a stride does not divide evenly, the size is rounded, unless rounding=exact rejects it"


class Judgement(NamedTuple):
    """The judgement of one answer."""

    asked: Asked
    text: str
    status: str
    note: str = ""
    suspects: tuple[Suspect, ...] = ()
    problem: Diagnostic | None = None
    """The reason why the answer cannot be parsed."""

    @property
    def right(self) -> bool:
        return self.status in (RIGHT, NEARLY)

    def to_dict(self) -> dict[str, Any]:
        right = self.asked.value
        return {
            "question": self.asked.path,
            "answer": self.text,
            "right_answer": list(right) if isinstance(right, tuple) else plain_number(right),
            "status": self.status,
            "note": self.note or (self.problem.message if self.problem else ""),
            "mistakes": [
                {"name": suspect.name, "titles": list(suspect.titles),
                 "rules": [suspect.rule], "explanation": suspect.why,
                 "layer": suspect.where}
                for suspect in self.suspects
            ],
        }  # fmt: skip


class Question:
    """A requested metric, with the recognised wrong answers, which are computed once."""

    def __init__(self, about: AskedModel, asked: Asked) -> None:
        self.about = about
        self.asked = asked
        self._search = SuspectSearch(about, asked)

    def judge(self, text: str) -> Judgement:
        """Judge one answer."""
        if says_it_does_not_fit(text):
            return Judgement(self.asked, text, WRONG, _IT_FITS)
        try:
            said, note = compare(self.about, self.asked, text)
        except SpecError as error:
            return Judgement(self.asked, text, UNREADABLE, problem=error.diagnostics[0])
        if said is None:
            return Judgement(self.asked, text, NEARLY if note else RIGHT, note)
        suspects = self._search.giving(said)
        note = _TOO_LARGE if self._search.exhausted and not suspects else ""
        return Judgement(self.asked, text, WRONG, note, suspects)

    def figure(self, path: str) -> FigureValue:
        """A different metric of the same model."""
        return ask(self.about, path).value

    def reworked(self, outputs: Mapping[int, Shape], workings: Workings) -> list[Figures | None]:
        """The model recomputed with these outputs, right or wrong, up to the requested metric. Raises Exhausted."""
        return rework(self.about.graph, given=outputs, last=self.asked.place, workings=workings)

    def value_in(self, found: list[Figures | None]) -> FigureValue | None:
        """The value of the requested metric in a recomputed model."""
        return self._search.values.value(found)

    def wrong_answers(self) -> list[tuple[FigureValue, Suspect]]:
        """The values that single mistakes give, the likeliest first, each with its likeliest mistake."""
        return self._search.known()
