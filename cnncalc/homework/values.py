"""Questions that do not ask for metrics: hyperparameters to find, and outputs of a layer on literal arrays."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.diagnostics import Diagnostic, Span, SpecError
from cnncalc.homework.answers.arrays import Nested, read_array
from cnncalc.homework.answers.numbers import read_number
from cnncalc.homework.answers.problems import MOST_CHARACTERS
from cnncalc.homework.answers.shapes import read_shape
from cnncalc.homework.answers.wording import NUMERALS
from cnncalc.homework.figure_paths import AskedModel, ask, show_value, subject_of
from cnncalc.homework.judge import NEARLY, RIGHT, UNREADABLE, WRONG
from cnncalc.homework.mistakes.catalogue import Mistake, wrong_arrays
from cnncalc.homework.models import TooManyLayersError
from cnncalc.homework.suspects import Suspect
from cnncalc.number_text import decimal
from cnncalc.reading.scalars import value_of

if TYPE_CHECKING:
    from cnncalc.forward.apply import Allowance

_CLOSE = 1e-6
_NONE: Mapping[str, Any] = MappingProxyType({})


class Verdict(NamedTuple):
    """The judgement of an answer that is not a metric."""

    status: str
    note: str = ""
    problem: Diagnostic | None = None
    suspects: tuple[Suspect, ...] = ()


class Hyperparameter:
    """A variable of a spec to be found for given metrics: every value that meets them is right."""

    def __init__(
        self, source: Any, name: str, wanted: Mapping[str, str], options: Mapping[str, Any] = _NONE,
        subject_of: Callable[..., AskedModel] = subject_of,
    ) -> None:  # fmt: skip
        self.source = source
        self._subject_of = subject_of
        self.options = dict(options)
        self.name = name
        self.wanted = dict(wanted)

    def judge(self, text: str) -> Verdict:
        """Judge an answer by building the spec with it and comparing the metrics."""
        try:
            value = self._read(text)
        except SpecError as error:
            return Verdict(UNREADABLE, problem=error.diagnostics[0])
        try:
            variables = {**(self.options.get("variables") or {}), self.name: value}
            about = self._subject_of(self.source, **{**self.options, "variables": variables})
        except TooManyLayersError:
            raise
        except SpecError as error:
            return Verdict(WRONG, f"with {self.name} = {text.strip()}: {error.diagnostics[0].message}")
        for path, target in self.wanted.items():
            found = ask(about, path).value
            right = read_shape(target).sizes if isinstance(found, tuple) else read_number(target).value
            if found != right:
                return Verdict(WRONG, f"{self.name} = {text.strip()} gives {path} {show_value(found)}, not {target}")
        return Verdict(RIGHT)

    def _read(self, text: str) -> Any:
        word = re.sub(rf"^{re.escape(self.name)}\s*[=:]\s*(?=\S)", "", text.strip(), flags=re.IGNORECASE)
        if len(word) > MOST_CHARACTERS:
            raise SpecError([Diagnostic("E501", f"the answer has {len(word)} characters")])
        if word.casefold() in NUMERALS:
            return NUMERALS.index(word.casefold())
        if word.isidentifier():
            return value_of(word)
        if any(char in word for char in "x×,[("):
            return list(read_shape(word).sizes)
        number = read_number(word)
        if number.value.denominator != 1:
            return float(number.value)
        return int(number.value)


class Output:
    """The output of a layer on a literal array."""

    def __init__(
        self, item: str, data: str, weights: str | None = None, bias: str | None = None, *,
        second: str | None = None, allowance: Allowance | None = None,
    ) -> None:  # fmt: skip
        from cnncalc.forward.apply import GivenWeights, prepare
        from cnncalc.forward.literal import read_arrays

        def array(text: str | None) -> Any:
            return None if text is None else read_arrays(text)

        given = GivenWeights(array(weights), array(bias))
        self.data = tuple(text for text in (data, second) if text is not None)
        self.weights, self.bias = weights, bias
        self._wrong: list[tuple[Mistake, Any]] | None = None
        self.ready = prepare(item, [array(text) for text in self.data], given, allowance=allowance)
        self.value: Any = self.ready.run().tolist()

    def judge(self, text: str) -> Verdict:
        """Judge an answer number by number, each within the digits written.

        The nesting of the brackets must match, unless there is only one number.
        """
        try:
            answer = read_array(text)
        except SpecError as error:
            return Verdict(UNREADABLE, problem=error.diagnostics[0])
        numbers = _flat(self.value)
        if _is_answer(answer, self.value):
            return Verdict(RIGHT)
        if _same(_flat(answer), numbers):
            return Verdict(NEARLY, f"the numbers are right; the array is {show_array(self.value)}")
        return Verdict(WRONG, suspects=self._suspects(answer))

    def _suspects(self, answer: Nested) -> tuple[Suspect, ...]:
        """The mistakes that give an array, the most likely first."""
        if self._wrong is None:
            self._wrong = wrong_arrays(self.ready)
        return tuple(
            Suspect((mistake,), mistake.title, mistake.explanation, rule=mistake.rule, titles=(mistake.title,))
            for mistake, value in self._wrong
            if _is_answer(answer, value)
        )


def show_array(value: Any) -> str:
    """An array as nested lists, with whole numbers without a decimal point."""
    if isinstance(value, list):
        return f"[{', '.join(map(show_array, value))}]"
    return decimal(value)


def rows_of(value: Any) -> list[list[Any]]:
    """The rows of a matrix, or a list of numbers as one row; nothing for other arrays."""
    if not isinstance(value, list) or not value:
        return []
    if not any(isinstance(row, list) for row in value):
        return [value]
    is_matrix = all(isinstance(row, list) and not any(isinstance(cell, list) for cell in row) for row in value)
    return value if is_matrix else []


def _flat(value: Any) -> list[Any]:
    if not isinstance(value, list):
        return [value]
    return [number for part in value for number in _flat(part)]


def _is_answer(said: Nested, value: Any) -> bool:
    """Whether an answer equals an array with its brackets, which a single number may leave out."""
    numbers = _flat(value)
    return _same(said, value) or (len(numbers) == 1 and _same(_flat(said), numbers))


def _same(said: Nested, right: Any) -> bool:
    """Whether an answer equals the array, to the digits written or to the precision of float32."""
    if isinstance(said, list):
        return (
            isinstance(right, list)
            and len(said) == len(right)
            and all(_same(one, other) for one, other in zip(said, right, strict=True))
        )
    if isinstance(right, list):
        return False
    return abs(said.value - Fraction(right)) <= said.tolerance + Fraction(_CLOSE * max(1.0, abs(right)))


def located(message: str, span: Span, hint: str = "", code: str = "E503") -> SpecError:
    """An error in a question sheet, with its position."""
    return SpecError([Diagnostic(code, message, span, hint=hint)])
