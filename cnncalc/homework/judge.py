"""Judging an answer: right, right with a note, or wrong, with the mistakes that explain it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import combinations
from typing import Any, NamedTuple

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Diagnostic, Refusal, SpecError
from cnncalc.homework.answers.shapes import WrittenShape
from cnncalc.homework.answers.sums import WrittenNumber
from cnncalc.homework.answers.wording import says_it_does_not_fit
from cnncalc.homework.comparison import compare
from cnncalc.homework.figure_paths import Asked, AskedModel, FigureValue, ask, plain_number
from cnncalc.homework.hand import Worksheet
from cnncalc.homework.mistakes.catalogue import Mistake, catalogue
from cnncalc.homework.rework import Exhausted, Figures, Miscalculation, Workings, rework

RIGHT, NEARLY, WRONG, UNREADABLE = "right", "right with a note", "wrong", "unreadable"
_FIGURES = ("output", "params", "unshared_params", "macs", "flops", "trainable_params")
_MOST_ALONE = 40
"""Larger models are not searched for mistakes in a single layer, or for pairs of mistakes."""

_TOO_LARGE = "the model is too large to try all mistakes"


_IT_FITS = "it fits: if a stride does not divide evenly, the size is rounded, unless rounding=exact rejects it"


class Suspect(NamedTuple):
    """A mistake, or a pair, that gives exactly the wrong answer: `what` it gives, and `why` it is wrong."""

    mistakes: tuple[Mistake, ...]
    what: str
    why: str
    where: str = ""
    """The single layer in which it was made, unless it was made everywhere."""

    @property
    def name(self) -> str:
        return "+".join(mistake.name for mistake in self.mistakes)


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
                {"name": suspect.name, "titles": [mistake.title for mistake in suspect.mistakes],
                 "rules": [mistake.rule for mistake in suspect.mistakes], "explanation": suspect.why,
                 "layer": suspect.where}
                for suspect in self.suspects
            ],
        }  # fmt: skip


class Question:
    """A requested metric, with the recognised wrong answers, which are computed once."""

    def __init__(self, about: AskedModel, asked: Asked) -> None:
        self.about = about
        self.asked = asked
        self.exhausted = False
        """Whether the model is too large to try every mistake."""

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
        suspects = self.suspects(said)
        return Judgement(self.asked, text, WRONG, "" if suspects or not self.exhausted else _TOO_LARGE, suspects)

    def figure(self, path: str) -> FigureValue:
        """A different metric of the same model."""
        return ask(self.about, path).value

    def reworked(self, outputs: Mapping[int, Shape], workings: Workings) -> list[Figures | None]:
        """The model recomputed with these outputs, right or wrong, up to the requested metric. Raises Exhausted."""
        return rework(self.about.graph, given=outputs, last=self.asked.place, workings=workings)

    def value_in(self, found: list[Figures | None]) -> FigureValue | None:
        """The value of the requested metric in a recomputed model."""
        return self._value(found, self.asked.place)

    # --- wrong answers -------------------------------------------------------------------------------------------

    def suspects(self, said: FigureValue | WrittenNumber | WrittenShape) -> tuple[Suspect, ...]:
        """The mistakes that give this value: single ones, the most likely first; else pairs."""
        single = self._giving(said, self._single)
        made = tuple(suspect for suspect in single if suspect.mistakes[0].change)
        return made or single or self._giving(said, self._pairs)

    def _giving(
        self, said: FigureValue | WrittenNumber | WrittenShape, known: dict[FigureValue, list[Suspect]]
    ) -> tuple[Suspect, ...]:
        if isinstance(said, WrittenShape):
            fractions = ((value, found) for value, found in known.items() if isinstance(value, tuple))
            return tuple(suspect for value, found in fractions if said.says(value) for suspect in found)
        if not isinstance(said, WrittenNumber):
            return tuple(known.get(said, ()))
        if exact := known.get(said.value):
            return tuple(exact)
        numbers = ((value, found) for value, found in known.items() if not isinstance(value, tuple))
        return tuple(suspect for value, found in numbers if said.says(value) for suspect in found)

    @cached_property
    def _single(self) -> dict[FigureValue, list[Suspect]]:
        found: dict[FigureValue, list[Suspect]] = {}
        try:
            for mistake in catalogue():
                for value, suspect in self._made(mistake):
                    self._add(found, value, suspect)
        except Exhausted:
            self.exhausted = True
        return found

    @cached_property
    def _pairs(self) -> dict[FigureValue, list[Suspect]]:
        """Pairs of mistakes in one calculation, among those that have an effect here."""
        found: dict[FigureValue, list[Suspect]] = {}
        try:
            self._look_for_pairs(found)
        except Exhausted:
            self.exhausted = True
        return found

    def _look_for_pairs(self, found: dict[FigureValue, list[Suspect]]) -> None:
        if self.asked.place is None and len(self.about.graph.nodes) > _MOST_ALONE:
            return
        explained = {mistake: why for mistake in catalogue() if (why := self._explained(mistake))}
        everywhere = len(self.about.graph.nodes) <= _MOST_ALONE
        for one, other in combinations(explained, 2):
            for value, _ in self._worked(_both(one, other), everywhere=everywhere):
                why = f"{explained[one]} {explained[other]}"
                self._add(found, value, Suspect((one, other), f"{one.title}, and {other.title}", why))

    @staticmethod
    def _add(found: dict[FigureValue, list[Suspect]], value: FigureValue, suspect: Suspect) -> None:
        known = found.setdefault(value, [])
        if all(suspect.mistakes != other.mistakes and suspect.what != other.what for other in known):
            known.append(suspect)

    def _made(self, mistake: Mistake) -> Iterator[tuple[FigureValue, Suspect]]:
        """The values that a mistake gives for this question."""
        if mistake.figures and self.asked.figure not in mistake.figures:
            return
        if mistake.meant:
            for value, what in mistake.meant(self.about, self.asked):
                yield value, Suspect((mistake,), f"that is {what}", mistake.explanation)
        elif mistake.change:
            for value, worked in self._worked(mistake.change):
                yield value, Suspect((mistake,), mistake.title, mistake.explain(worked))
            for value, worked, where in self._alone(mistake.change):
                yield value, Suspect((mistake,), f"{mistake.title} in {where}", mistake.explain(worked), where)

    def _explained(self, mistake: Mistake) -> str:
        """The explanation of a mistake if it can be made here; else an empty text."""
        if mistake.change is None or (mistake.figures and self.asked.figure not in mistake.figures):
            return ""
        sheets = [worked for _, worked in self._worked(mistake.change) if worked]
        return mistake.explain(sheets[0]) if sheets else ""

    def _worked(
        self, change: Miscalculation, *, everywhere: bool = True
    ) -> Iterator[tuple[FigureValue, Worksheet | None]]:
        """The metric with a mistake in the layer only, and with the mistake in every possible layer."""
        place, graph = self.asked.place, self.about.graph
        if place is not None and graph.nodes[place].layer is not None:
            node = graph.nodes[place]
            try:
                own = self.about.workings.figures(graph, node, graph.inputs_of(node), change)
            except Refusal:
                own = None
            if own is not None and (value := self._value([own], 0)) is not None:
                yield value, self._sheet(place)
        if not everywhere:
            return
        found = rework(graph, change, last=place, workings=self.about.workings)
        value = self._value(found, place)
        if value is not None:
            yield value, self._first_changed(found)

    def _alone(self, change: Miscalculation) -> Iterator[tuple[FigureValue, Worksheet | None, str]]:
        """The model's metric with a mistake in one of its layers."""
        graph = self.about.graph
        if self.asked.place is not None or len(graph.nodes) > _MOST_ALONE or self.asked.figure == "output":
            return
        right = self._right
        for place, node in enumerate(graph.nodes):
            if node.layer is None:
                continue
            try:
                own = self.about.workings.figures(graph, node, graph.inputs_of(node), change)
            except Refusal:
                continue
            if own is not None:
                value = self._value([*right[:place], own, *right[place + 1 :]], None)
                if value is not None:
                    yield value, self._sheet(place), node.name

    @cached_property
    def _right(self) -> list[Figures | None]:
        return rework(self.about.graph, workings=self.about.workings)

    def _sheet(self, place: int) -> Worksheet | None:
        """The correct worksheet of a node."""
        right = self._right[place]
        return right.sheet if right else None

    def _first_changed(self, found: list[Figures | None]) -> Worksheet | None:
        """The correct worksheet of the first layer with a wrong number."""
        places = (place for place, mine in enumerate(found) if mine and mine.sheet != self._sheet(place))
        return next((self._sheet(place) for place in places), None)

    def _value(self, found: list[Figures | None], at: int | None) -> FigureValue | None:
        """The requested metric of a node or of the whole model."""
        name = "params" if self.asked.figure == "trainable_params" else self.asked.figure
        if name not in _FIGURES or self.asked.over is not None:
            return None
        batch = self.about.report.batch if name in ("macs", "flops") else 1
        if at is None and name != "output":
            return (
                None
                if None in found
                else sum(getattr(each, name) * self._times(place, batch) for place, each in enumerate(found))
            )
        if at is None:
            at = self.about.graph.outputs[0][1]
        one = found[at] if at < len(found) else None
        if one is None:
            return None
        value: FigureValue = getattr(one, name)
        return self._times(at, batch) * value if isinstance(value, int) else self._part_of(value)

    def _times(self, place: int, batch: int) -> int:
        """The number of times that the operations of a node are counted: once if it has no batch axis."""
        return 1 if self.about.graph.nodes[place].unbatched else batch

    def _part_of(self, value: FigureValue) -> FigureValue | None:
        if not self.asked.part or not isinstance(value, tuple):
            return value
        from math import prod

        from cnncalc.homework.figure_paths import axis_names

        if self.asked.part == "size":
            return prod(value)
        names = axis_names(self.about, len(value))
        return value[names.index(self.asked.part)] if self.asked.part in names else None


def _both(one: Mistake, other: Mistake) -> Miscalculation:
    """A pair of mistakes: both in one calculation if possible, else each in the layers where it can be made."""

    def change(worked: Worksheet) -> Worksheet | None:
        first = (one.change(worked) if one.change else None) or worked
        second = (other.change(first) if other.change else None) or first
        return None if second is worked else second

    return change
