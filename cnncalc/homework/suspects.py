"""The search for the mistakes that give a wrong answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from math import prod
from typing import NamedTuple, TypeGuard

from cnncalc.analysis.derivation import Derivation, derive_size, derive_sum
from cnncalc.arithmetic.convention import Shape
from cnncalc.homework.answers.shapes import WrittenShape
from cnncalc.homework.answers.sums import WrittenNumber
from cnncalc.homework.figure_paths import Asked, AskedModel, FigureValue
from cnncalc.homework.formulas import LayerFormulas
from cnncalc.homework.mistakes.catalogue import Change, Mistake, catalogue
from cnncalc.homework.rework import Exhausted
from cnncalc.homework.substitution import addends
from cnncalc.homework.wrong_values import FIELDS, MistakenValue, values_of
from cnncalc.number_text import show_number

Said = FigureValue | WrittenNumber | WrittenShape
"""The value of a wrong answer."""

_LIKELY = 2
"""Pairs are formed of mistakes that are at least as likely as this."""
_MANY = 1_000
_RARE = 3
"""Two likely mistakes together are tried if no single one is at least as likely as this."""
_NEAR = 1
"""Mistakes that are less likely than the first one by more than this are not named beside it."""


class Suspect(NamedTuple):
    """A mistake, or a pair, that gives exactly the wrong answer: `what` it gives, and `why` it is wrong."""

    mistakes: tuple[Mistake, ...]
    what: str
    why: str
    where: str = ""
    """The single layer in which it was made, unless it was made everywhere."""
    rule: str = ""
    """The wrong calculation of the requested metric, as a formula."""
    titles: tuple[str, ...] = ()
    """The title of each mistake, in the variant that was made."""

    @property
    def name(self) -> str:
        return "+".join(mistake.name for mistake in self.mistakes)


class _Candidate(NamedTuple):
    """A value's mistake, or pair of them, before it is put into words."""

    mistakes: tuple[Mistake, ...]
    changes: tuple[Change, ...]
    place: int | None = None
    alone: bool = False
    what: str = ""
    """The description of a misreading."""

    @property
    def rank(self) -> int:
        """The likelihood: 1 is very common. A slip in only one of several layers is a little rarer."""
        return sum(mistake.likely for mistake in self.mistakes) + len(self.mistakes) - 1 + self.alone


class SuspectSearch:
    """The recognised wrong answers to one question, which are computed once."""

    def __init__(self, about: AskedModel, asked: Asked) -> None:
        self.about = about
        self.asked = asked
        self.values = values_of(about, asked)
        self.exhausted = False
        """Whether the model is too large to try every mistake."""

    def giving(self, said: Said) -> tuple[Suspect, ...]:
        """The mistakes that give this value, the most likely first: single ones, or else pairs."""
        for reading in self._readings(said):
            if found := self._giving(reading):
                return found
        return ()

    def _readings(self, said: Said) -> Iterator[Said]:
        """A value, and for an output also without a batch in front, and with the channels of the other layout."""
        yield said
        right = self.asked.value
        if not self.asked.is_size or not _is_shape(said) or not isinstance(right, tuple):
            return
        samples: list[Shape] = [said]
        if len(said) == len(right) + 1:
            samples.append(said[1:])
            yield said[1:]
        last = self.about.graph.setting.layout == "HWC"
        for one in samples:
            if len(one) == len(right) > 1:
                yield (*one[1:], *one[:1]) if last else (*one[-1:], *one[:-1])

    def _giving(self, said: Said) -> tuple[Suspect, ...]:
        found = sorted(_matching(said, self._single), key=self._order)
        if not found or found[0].rank > _RARE:
            found = sorted([*found, *_matching(said, self._pairs)], key=self._order)
        near = [one for one in found if one.rank <= found[0].rank + _NEAR and (one.changes or not found[0].changes)]
        by_text: dict[str, Suspect] = {}
        for suspect in map(self._suspect, self._without_doubles(near)):
            by_text.setdefault(suspect.name if _is_rounded(said) else suspect.what, suspect)
        return tuple(by_text.values())

    def known(self) -> list[tuple[FigureValue, Suspect]]:
        """The wrong values of single mistakes, the likeliest first, each with its likeliest mistake."""
        first = {value: min(found, key=self._order) for value, found in self._single.items() if _can_be_written(value)}
        by_likelihood = sorted(first.items(), key=lambda item: self._order(item[1]))
        return [(value, self._suspect(one)) for value, one in by_likelihood if value != self.asked.value]

    def _order(self, one: _Candidate) -> tuple[int, bool, bool, int]:
        """Likely ones first; a slip in this metric before one in an earlier metric, and near layers before others."""
        own = one.mistakes[0]
        indirect = own.about == "output" and self.asked.figure != "output"
        return one.rank + indirect, own.meant is not None, one.alone, -(one.place or 0)

    def _without_doubles(self, found: list[_Candidate]) -> Iterator[_Candidate]:
        """The candidates without those that say the same about a kind of layer, or about all kinds."""
        names = {mistake.name for one in found for mistake in one.mistakes}
        narrowed = {mistake.narrows for one in found for mistake in one.mistakes if mistake.narrows in names}
        specific = self.asked.place is not None or len(self.about.report.layers) == 1
        for one in found:
            general = any(mistake.name in narrowed for mistake in one.mistakes)
            special = any(mistake.narrows in narrowed for mistake in one.mistakes)
            if not (general if specific else special):
                yield one

    # --- single mistakes and pairs -----------------------------------------------------------------------------------

    @cached_property
    def _single(self) -> dict[FigureValue, list[_Candidate]]:
        return self._by_value(self._made())

    @cached_property
    def _pairs(self) -> dict[FigureValue, list[_Candidate]]:
        """Pairs of mistakes in one calculation, among the likely ones that have an effect here."""
        if not self.values.depends_on_layers or (self.asked.place is None and not self.values.is_small):
            return {}
        return self._by_value(self._paired())

    def _by_value(self, made: Iterable[tuple[FigureValue, _Candidate]]) -> dict[FigureValue, list[_Candidate]]:
        found: dict[FigureValue, list[_Candidate]] = {}
        try:
            for value, one in made:
                known = found.setdefault(value, [])
                if all(one.mistakes != other.mistakes for other in known):
                    known.append(one)
        except Exhausted:
            self.exhausted = True
        return found

    def _made(self) -> Iterator[tuple[FigureValue, _Candidate]]:
        """The values that each mistake gives for this question."""
        for mistake in catalogue():
            if mistake.meant:
                for value, what in mistake.meant(self.about, self.asked):
                    yield value, _Candidate((mistake,), (), what=what)
            for change in self._changes(mistake):
                for wrong in self.values.of(change):
                    yield wrong.value, _Candidate((mistake,), (change,), wrong.place, wrong.alone)

    def _changes(self, mistake: Mistake) -> list[Change]:
        """The variants of a mistake in the requested metric."""
        figures = [self.values.figure, *([self.asked.over.figure] if self.asked.over else ())]
        asked = not mistake.figures or any(figure in mistake.figures for figure in figures)
        if not mistake.change or not asked or not self.values.depends_on_layers:
            return []
        able = [own for own in self.values.layers if mistake.when is None or mistake.when(own.inner)]
        return mistake.changes(able) if able else []

    def _paired(self) -> Iterator[tuple[FigureValue, _Candidate]]:
        is_small = isinstance(self.asked.value, int) and self.asked.value < _MANY
        likely = 1 if is_small else _LIKELY  # small numbers are met by chance
        able = [
            (mistake, change)
            for mistake in catalogue()
            if mistake.likely <= likely
            for change in self._changes(mistake)
            if next(self.values.own_or_everywhere(change), None) is not None
        ]
        for (one, first), (other, second) in combinations(able, 2):
            if one.name != other.name:
                wrong: MistakenValue
                for wrong in self.values.own_or_everywhere(_Both(first, second)):
                    yield wrong.value, _Candidate((one, other), (first, second), wrong.place)

    # --- words -------------------------------------------------------------------------------------------------------

    def _suspect(self, one: _Candidate) -> Suspect:
        if not one.changes:
            (mistake,) = one.mistakes
            what = f"that is {one.what}"
            return Suspect((mistake,), what, mistake.explanation, rule=mistake.rule, titles=(mistake.general_title,))
        right = None if one.place is None else self.values.formulas(one.place)
        where = self.about.graph.nodes[one.place].name if one.alone and one.place is not None else ""
        pieces = list(zip(one.mistakes, one.changes, strict=True))
        titles = tuple(mistake.title.format(change.choice) for mistake, change in pieces)
        what = ", and ".join(titles)
        why = " ".join(mistake.explain(right) for mistake in one.mistakes)
        rule = ", ".join(shown_rule(mistake, change, right, self.asked.figure) for mistake, change in pieces)
        return Suspect(one.mistakes, f"{what} in {where}" if where else what, why, where, rule, titles)


class _Both(NamedTuple):
    """Two mistakes in one calculation; None unless both have an effect on it, in either order."""

    first: Change
    second: Change

    def __call__(self, own: LayerFormulas, /) -> LayerFormulas | None:
        one = self.first(own)
        both = None if one is None else self.second(one)
        if both is None or self.second(own) is None:
            return None
        return own.unlike(both)


def _can_be_written(value: FigureValue) -> bool:
    """Whether a value is a number, or a shape of whole sizes."""
    return not isinstance(value, tuple) or all(size == int(size) for size in value)


def _is_rounded(said: Said) -> bool:
    """Whether an answer is rounded, so that several values agree with it."""
    return isinstance(said, WrittenNumber) and said.rounded


def _is_shape(said: Said) -> TypeGuard[Shape]:
    """Whether a value is a plain shape; the parsed answers are named tuples."""
    return type(said) is tuple


def _matching(said: Said, known: dict[FigureValue, list[_Candidate]]) -> list[_Candidate]:
    """The candidates of a value; without any, those of a value that it may be rounded from."""
    if isinstance(said, WrittenShape):
        fractions = ((value, found) for value, found in known.items() if isinstance(value, tuple))
        return [one for value, found in fractions if said.says(value) for one in found]
    if not isinstance(said, WrittenNumber):
        return known.get(said, [])
    if exact := known.get(said.value):
        return exact
    numbers = ((value, found) for value, found in known.items() if isinstance(value, int | Fraction))
    return [one for value, found in numbers if said.says(value) for one in found]


def shown_rule(mistake: Mistake, change: Change, right: LayerFormulas | None, figure: str) -> str:
    """The wrong calculation of the requested metric: the layer's formula with the mistake, or the mistake's rule.

    The rule is shown for sizes, where it says more than the formula, and where only a number differs in the formula.
    """
    field = FIELDS.get(figure, figure)
    wrong = None if right is None or mistake.about in ("", "output") else change(right)
    if right is None or wrong is None:
        return mistake.rule
    formula = _formula(wrong, field)
    return mistake.rule if formula == _formula(right, field) else formula


def _formula(own: LayerFormulas, field: str) -> str:
    """The formula of a count, as text."""
    if field == "macs":
        parts = addends(own.macs)
        return _written(derive_sum(parts) if len(parts) > 2 else derive_size(own.macs))
    arrays = own.counted()
    sizes = [prod(weight.shape) for weight in arrays]
    if field == "unshared_params":
        sizes = [prod((*weight.shape[:-1], *weight.positions, *weight.shape[-1:])) for weight in arrays]
    return _written(derive_sum(sizes)) if field in ("params", "unshared_params") else ""


def _written(derivation: Derivation) -> str:
    """A formula as text: a number where nothing else is left."""
    return derivation.text.formula or show_number(derivation.value)
