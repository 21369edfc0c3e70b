"""The exam: what `check` says about each answer of the tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from cnncalc.diagnostics import Source
from cnncalc.homework.figure_paths import AskedModel, ask, subject_of
from cnncalc.homework.judge import Judgement, Question
from cnncalc.homework.marking import Marker
from cnncalc.homework.sheet import read_sheet
from tests.homework.exam.answers import Nonsense, Written, Wrong, WrongArray
from tests.homework.exam.nonsense import NONSENSE
from tests.homework.exam.notations import NOTATIONS
from tests.homework.exam.tables import Exam, read_exam
from tests.homework.exam.wrong_arrays import ARRAYS
from tests.homework.exam.wrong_parameters import PARAMETERS
from tests.homework.exam.wrong_sizes import SIZES
from tests.homework.exam.wrong_work import WORK

FIRST, AMONG, UNNAMED, FALSELY, MARKED_RIGHT = (
    "named first", "named among others", "not named", "falsely named", "marked right",
)  # fmt: skip
NAMINGS = (FIRST, AMONG, UNNAMED, FALSELY, MARKED_RIGHT)
READ, UNREADABLE, REFUSED, NO_NOTE = "read", "unreadable", "marked wrong", "without its note"
EXAMS: Mapping[str, Exam] = {
    "first": Exam((*SIZES, *PARAMETERS, *WORK, *ARRAYS), NOTATIONS, ()),
    "second": read_exam("second"),
    "third": read_exam("third"),
}
WRONG_ANSWERS = tuple(row for exam in EXAMS.values() for row in exam.wrong)


class Questions:
    """The questions of the tables; equal ones are asked once, so that their mistakes are computed once."""

    def __init__(self) -> None:
        self._models: dict[str, AskedModel] = {}
        self._asked: dict[tuple[str, str], Question] = {}

    def judge(self, row: Wrong | Written | Nonsense, text: str) -> Judgement:
        """The judgement of an answer to a row's question."""
        options = {} if isinstance(row, Nonsense) else dict(row.options)
        model = f"{row.spec} {sorted(options.items())}"
        if model not in self._models:
            self._models[model] = subject_of(row.spec, **options)
        about = self._models[model]
        if (model, row.path) not in self._asked:
            self._asked[model, row.path] = Question(about, ask(about, row.path))
        return self._asked[model, row.path].judge(text)


class Scored(NamedTuple):
    """One answer, the verdict about it, and the names that were given."""

    row: Wrong | WrongArray | Written | Nonsense
    verdict: str
    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.verdict}: {self.row}\n      named: {', '.join(self.names) or 'nothing'}"


def naming(expected: str, right: bool, names: tuple[str, ...]) -> str:
    """The verdict on the names of a wrong answer."""
    accepted = expected.split("|")
    if right:
        return MARKED_RIGHT
    if not names:
        return UNNAMED
    if names[0] in accepted:
        return FIRST
    return AMONG if any(name in accepted for name in names) else FALSELY


def score_wrong(questions: Questions, exam: Exam) -> Iterator[Scored]:
    """The wrong answers with their verdicts."""
    for row in exam.wrong:
        if isinstance(row, WrongArray):
            right, names = _of_array(row)
        else:
            found = questions.judge(row, row.text)
            right, names = found.right, names_of(found)
        yield Scored(row, naming(row.names, right, names), names)


def names_of(found: Judgement) -> tuple[str, ...]:
    """The names of the mistakes that a judgement gives."""
    return tuple(suspect.name for suspect in found.suspects)


def _of_array(row: WrongArray) -> tuple[bool, tuple[str, ...]]:
    given = "".join(f", {name}: {text}" for name, text in (("weights", row.weights), ("bias", row.bias)) if text)
    text = f"questions: [{{name: q, apply: {row.item}, data: {row.data}{given}}}]"
    marked = Marker(read_sheet(Source("exam.yaml", text))).mark("", {"q": row.answer})
    (mark,) = marked.marks
    return mark.points > 0, tuple(suspect.name for suspect in mark.suspects)


def score_written(questions: Questions, exam: Exam) -> Iterator[Scored]:
    """The odd notations with their verdicts."""
    for row in exam.notations:
        found = questions.judge(row, row.text)
        verdict = READ if found.right else UNREADABLE if found.problem else REFUSED
        yield Scored(row, NO_NOTE if found.right and row.noted and not found.note else verdict, ())


def score_meaningless(questions: Questions, exam: Exam) -> Iterator[Scored]:
    """The answers that mean nothing with their verdicts."""
    for row in exam.nonsense:
        found = questions.judge(row, row.text)
        names = names_of(found)
        verdict = MARKED_RIGHT if found.right else UNREADABLE if found.problem else FALSELY if names else UNNAMED
        yield Scored(row, verdict, names)


def score_nonsense(questions: Questions) -> Iterator[Scored]:
    """The answers without reasoning with their verdicts."""
    for row in NONSENSE:
        found = questions.judge(row, row.text)
        names = names_of(found)
        yield Scored(row, MARKED_RIGHT if found.right else FALSELY if names else UNNAMED, names)


def tally(scored: Iterable[Scored]) -> Counter[str]:
    """The number of answers with each verdict."""
    return Counter(one.verdict for one in scored)
