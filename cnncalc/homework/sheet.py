"""A sheet of questions, read from YAML or JSON.

    title: Convolution arithmetic
    follow_through: true              # a part computed correctly from a wrong earlier one gets its points
    partial_credit: {bias_forgotten: 0.5}     # the fraction of the points for answers with this mistake
    questions:
      - name: shapes
        text: A camera image goes through one convolution.
        spec: 32x32x3 -> conv 20 8x8 s2 p1     # an inline text, a path, a bundled name, or a spec written out
        parts:
          - {ask: conv_1.output, points: 2}
          - {name: weights, ask: conv_1.params, text: How many weights are learned?}
      - {name: batch, spec: alexnet, batch: 128, input: 3x227x227, ask: total.macs}   # as the options of other commands
      - {name: same, spec: "32x32x3 -> conv 8 5x5 padding=${p}", find: p, such_that: {output: 32x32x8}}
      - {name: pool, apply: max_pool 2, data: [[1, 0], [4, 6]]}
      - {name: fit, spec: "10x10x3 -> conv 8 3x3 s2 rounding=exact", ask: output, right: does not fit}

Every question or part may contain the student's `answer`; the default for `points` is 1.
"""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.analysis.report import Report
from cnncalc.diagnostics import Diagnostic, Source, SpecError, did_you_mean
from cnncalc.homework.answers.wording import says_it_does_not_fit
from cnncalc.homework.figure_paths import AskedModel
from cnncalc.homework.fit import DOES_NOT_FIT, DoesNotFit, is_about_sizes
from cnncalc.homework.judge import Question
from cnncalc.homework.mistakes.catalogue import catalogue
from cnncalc.homework.models import Models
from cnncalc.homework.values import Hyperparameter, Output, located
from cnncalc.number_text import show_shape
from cnncalc.reading.limits import DEFAULT_LIMITS, Limits
from cnncalc.reading.nodes import Mapping, Scalar, Sequence, SpecNode
from cnncalc.reading.scalars import plain_value
from cnncalc.reading.yaml_reader import read_yaml

if TYPE_CHECKING:
    from cnncalc.forward.apply import Allowance

MOST_PARTS = 1000

_SHEET_KEYS = ("title", "text", "follow_through", "partial_credit", "questions", "student")
_ABOUT = ("ask", "find", "such_that", "apply", "data", "second_data", "weights", "bias", "right")
_PART_KEYS = ("name", "text", "points", "answer", *_ABOUT)
_OPTIONS = ("convention", "layout", "input", "variables", "batch", "dtype")
_QUESTION_KEYS = (*_PART_KEYS, "spec", *_OPTIONS, "parts", "follow_through", "partial_credit")


class QuestionPart(NamedTuple):
    """One part of a question, with its points. `question` judges a metric; otherwise, `value` judges the answer."""

    name: str
    text: str
    points: Fraction
    question: Question | None
    value: Hyperparameter | Output | DoesNotFit | None
    group: int
    """The index of its question."""
    follows: bool
    answer: str | None
    partial: dict[str, Fraction] = {}  # noqa: RUF012 - never changed
    """The fraction of the points that remains after a mistake, by its name."""

    @property
    def asks(self) -> str:
        """A short description of the requested value."""
        if self.question is not None:
            return self.question.asked.path
        return "output" if isinstance(self.value, Output) or self.value is None else self.value.name


_About = tuple[Any, AskedModel | Diagnostic | None]
"""The spec of a question as written, and its model, or the reason why its sizes do not fit."""


_JSON_QUESTIONS = re.compile(r'"questions"\s*:\s*\[')


class _Rules(NamedTuple):
    """The default grading rules of a question."""

    follows: bool
    partial: dict[str, Fraction]


class QuestionSheet(NamedTuple):
    """The questions of a sheet, part by part; `texts` are those of the questions, by group."""

    title: str
    parts: tuple[QuestionPart, ...]
    texts: tuple[str, ...]
    student: str = ""

    @property
    def models(self) -> list[Report]:
        """The reports of the models of its parts."""
        return [part.question.about.report for part in self.parts if part.question]

    @property
    def points(self) -> Fraction:
        return sum((part.points for part in self.parts), Fraction(0))


def is_sheet(source: Source) -> bool:
    """Whether a text is a question sheet rather than a spec."""
    if source.text.lstrip().startswith("{"):
        return bool(_JSON_QUESTIONS.search(source.text))
    return any(line.startswith(("questions:", '"questions":')) for line in source.text.splitlines())


def read_sheet(source: Source, limits: Limits | None = None) -> QuestionSheet:
    """Parse the sheet in a text. Raises SpecError for an invalid sheet.

    The layer limit of one model applies to the total of its models.
    """
    root, diagnostics = read_yaml(source, limits or DEFAULT_LIMITS)
    if root is None or diagnostics:
        raise SpecError(diagnostics)
    return _SheetReader(source, Models(len(source.text), limits)).sheet(root)


class _SheetReader:
    """A parser of a sheet's nodes; paths of specs are relative to the sheet's file."""

    def __init__(self, source: Source, models: Models) -> None:
        self.models = models
        self.allowance: Allowance | None = None
        self.folder = Path(source.name).parent if Path(source.name).is_file() else Path()
        self.parts: list[QuestionPart] = []
        self.names: set[str] = set()

    def sheet(self, root: SpecNode) -> QuestionSheet:
        entries = _mapping(root, "a sheet")
        _known(entries, _SHEET_KEYS, "a sheet")
        questions = entries.get("questions")
        if not isinstance(questions, Sequence) or not questions.items:
            where = questions.span if questions else root.span
            raise located("a sheet needs a list of questions", where, "write `questions:` and items with a dash")
        rules = _Rules(_flag(entries.get("follow_through"), default=False), _partial(entries.get("partial_credit")))
        texts = [self.question(number, node, rules) for number, node in enumerate(questions.items)]
        return QuestionSheet(
            _text(entries.get("title")), tuple(self.parts), tuple(texts), _text(entries.get("student"))
        )

    def question(self, number: int, node: SpecNode, rules: _Rules) -> str:
        """Parse one question's parts, and return its text."""
        entries = _mapping(node, "a question")
        _known(entries, _QUESTION_KEYS, "a question")
        name = _text(entries.get("name")) or f"q{number + 1}"
        own_partial = _partial(entries.get("partial_credit"))
        rules = _Rules(_flag(entries.get("follow_through"), default=rules.follows), {**rules.partial, **own_partial})
        about, options = self.about(entries), _options(entries)
        written = entries.get("parts")
        if written is None:
            self.part(name, entries, number, about, rules, options)
            return _text(entries.get("text"))
        if not isinstance(written, Sequence):
            raise located("`parts` needs a list", written.span)
        for place, inner in enumerate(written.items):
            own = _mapping(inner, "a part")
            _known(own, _PART_KEYS, "a part")
            letter = _text(own.get("name")) or chr(ord("a") + place % 26)
            self.part(f"{name}.{letter}", own, number, about, rules, options)
        return _text(entries.get("text"))

    def about(self, entries: Mapping) -> _About:
        """The spec of a question, and its model unless a variable is to be found, or why its sizes do not fit."""
        node = entries.get("spec")
        if node is None:
            return None, None
        reference: Any = plain_value(node) if isinstance(node, Mapping) else _text(node)
        if isinstance(reference, str) and "->" not in reference and (self.folder / reference).is_file():
            reference = str(self.folder / reference)
        if _has(entries, "find"):
            return reference, None
        try:
            return reference, self.models.subject(reference, **_options(entries))
        except SpecError as error:
            if _has(entries, "right") and is_about_sizes(error.diagnostics):
                return reference, error.diagnostics[0]
            raise _within(error, node) from error

    def unfitting(self, entries: Mapping, spec: _About) -> DoesNotFit:
        """A part with the right answer "does not fit". Raises SpecError if the spec does fit."""
        right, (reference, about) = entries.get("right"), spec
        assert right is not None
        if not says_it_does_not_fit(_text(right)):
            hint = "all other right answers are computed"
            raise located(f"`right` can only be set to `{DOES_NOT_FIT}`", right.span, hint)
        if not isinstance(about, Diagnostic):
            output = "" if about is None else show_shape(about.report.outputs[0].shape)
            found = f"it fits: the output is {output}" if about else "the question has no spec"
            raise located(found, entries.span, "write a spec whose sizes are rejected, such as one with rounding=exact")
        return DoesNotFit(_text(entries.get("ask")) or "output", about, reference)

    def part(
        self, name: str, entries: Mapping, group: int, about: _About, rules: _Rules, options: dict[str, Any]
    ) -> None:
        if name in self.names:
            raise located(f'two parts are called "{name}"', entries.span, "give them different names")
        if len(self.parts) == MOST_PARTS:
            raise located(f"more than {MOST_PARTS} parts", entries.span)
        self.names.add(name)
        question: Question | None = None
        value: Hyperparameter | Output | DoesNotFit | None = None
        if "right" in entries.entries:
            value = self.unfitting(entries, about)
        elif "ask" in entries.entries:
            question = self.figure(entries, about[1])
        elif "find" in entries.entries:
            value = self.hyperparameter(entries, about[0], options)
        elif "apply" in entries.entries:
            value = self.output(entries)
        else:
            raise located(
                f"{name} does not ask for anything",
                entries.span,
                "add `ask: FIGURE`, `find: VARIABLE` or `apply: ITEM`",
            )
        answer = entries.get("answer")
        self.parts.append(
            QuestionPart(name, _text(entries.get("text")), _points(entries.get("points")), question, value, group,
                 rules.follows, None if answer is None else _text(answer), rules.partial)
        )  # fmt: skip

    def figure(self, entries: Mapping, about: AskedModel | Diagnostic | None) -> Question:
        asked = entries.get("ask")
        assert asked is not None
        if about is None:
            raise located("the question has no spec", entries.span, "add `spec:` to the question")
        if isinstance(about, Diagnostic):
            hint = f"add `right: {DOES_NOT_FIT}` to this part, too"
            raise located(f"{_text(asked)} does not exist: {about.message}", entries.span, hint)
        try:
            return self.models.question(about, _text(asked))
        except SpecError as error:
            raise _within(error, asked) from error

    def hyperparameter(
        self, entries: Mapping, reference: Any, options: dict[str, Any]
    ) -> Hyperparameter:  # fmt: skip
        wanted, name = entries.get("such_that"), _text(entries.get("find"))
        if reference is None or not isinstance(wanted, Mapping) or not wanted.entries:
            raise located(f"no condition for {name} is given", entries.span, "add `spec:` and `such_that: {output: …}`")
        targets = {key: _text(value) for key, (_, value) in wanted.entries.items()}
        return Hyperparameter(_with_variable(reference, name), name, targets, options, self.models.subject)

    def output(self, entries: Mapping) -> Output:
        from cnncalc.forward.apply import Allowance
        from cnncalc.forward.literal import ArrayError

        self.allowance = self.allowance or Allowance()

        def given(key: str) -> str | None:
            found = entries.get(key)
            return None if found is None else json.dumps(plain_value(found))

        data = given("data")
        if data is None:
            raise located("`apply` needs `data`", entries.span, "add `data: [[1, 0], [4, 6]]`")
        try:
            return Output(
                _text(entries.get("apply")), data, given("weights"), given("bias"),
                second=given("second_data"), allowance=self.allowance,
            )  # fmt: skip
        except ArrayError as error:
            raise located(str(error), entries.span) from error


def _options(entries: Mapping) -> dict[str, Any]:
    """The options of a question's spec, as for `analyze`."""
    return {name: plain_value(entries.entries[name][1]) for name in _OPTIONS if name in entries.entries}


def _has(entries: Mapping, key: str) -> bool:
    """Whether a question, or one of its parts, has a key."""
    parts = entries.get("parts")
    inner = parts.items if isinstance(parts, Sequence) else []
    return key in entries.entries or any(isinstance(part, Mapping) and key in part.entries for part in inner)


def _with_variable(reference: Any, name: str) -> Any:
    """A spec in which `name` is a variable: an inline text becomes a mapping that declares it."""
    if not isinstance(reference, str) or not ("->" in reference or "→" in reference):
        return reference
    first, _, rest = reference.replace("→", "->").partition("->")
    size = first.strip()
    given = int(size) if size.isdecimal() else size
    return {"input": given, "variables": {name: 0}, "layers": [item.strip() for item in rest.split("->")]}


def _mapping(node: SpecNode, what: str) -> Mapping:
    if not isinstance(node, Mapping):
        raise located(f"{what} must be a mapping, got a {node.kind}", node.span, "write `name: …` lines")
    return node


def _known(entries: Mapping, keys: tuple[str, ...], what: str) -> None:
    for key, (written, _) in entries.entries.items():
        if key not in keys:
            hint = did_you_mean(key, keys) or f"{what} may have {', '.join(keys)}"
            raise located(f'{what} has no key "{key}"', written.span, hint)


def _text(node: SpecNode | None) -> str:
    if node is None:
        return ""
    if isinstance(node, Scalar):
        return node.text
    return json.dumps(plain_value(node))


def _flag(node: SpecNode | None, *, default: bool) -> bool:
    if node is None:
        return default
    value = plain_value(node)
    if not isinstance(value, bool):
        raise located("expected true or false", node.span)
    return value


def _partial(node: SpecNode | None) -> dict[str, Fraction]:
    """The fractions of the points, from 0 to 1, that remain after mistakes, by their names."""
    if node is None:
        return {}
    known = {mistake.name for mistake in catalogue()}
    shares = {}
    for name, (written, value) in _mapping(node, "partial credit").entries.items():
        if name not in known:
            hint = did_you_mean(name, known) or "`cnncalc check --list-mistakes` lists them"
            raise located(f'unknown mistake "{name}"', written.span, hint)
        share = plain_value(value)
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            raise located("partial credit must be a number from 0 to 1", value.span)
        shares[name] = Fraction(str(share))
    return shares


def _points(node: SpecNode | None) -> Fraction:
    if node is None:
        return Fraction(1)
    value = plain_value(node)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 10_000:
        raise located("points must be a number from 0 to 10,000", node.span)
    return Fraction(str(value))


def _within(error: SpecError, node: SpecNode) -> SpecError:
    """The errors of a spec or metric, with the position of its reference in the sheet."""
    return SpecError([
        Diagnostic(found.code, found.message, node.span, hint=found.hint) for found in error.diagnostics
    ])  # fmt: skip
