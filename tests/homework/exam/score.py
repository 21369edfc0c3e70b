"""The exam: what `check` says about each answer of the tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cnncalc.diagnostics import Source
from cnncalc.homework.check import check
from cnncalc.homework.marking import Marker
from cnncalc.homework.sheet import read_sheet
from tests.homework.exam.answers import Nonsense, Written, Wrong, WrongArray
from tests.homework.exam.nonsense import NONSENSE
from tests.homework.exam.notations import NOTATIONS
from tests.homework.exam.wrong_arrays import ARRAYS
from tests.homework.exam.wrong_parameters import PARAMETERS
from tests.homework.exam.wrong_sizes import SIZES
from tests.homework.exam.wrong_work import WORK

FIRST, AMONG, UNNAMED, FALSELY, MARKED_RIGHT = (
    "named first", "named among others", "not named", "falsely named", "marked right",
)  # fmt: skip
NAMINGS = (FIRST, AMONG, UNNAMED, FALSELY, MARKED_RIGHT)
READ, UNREADABLE, REFUSED, NO_NOTE = "read", "unreadable", "marked wrong", "without its note"
WRONG_ANSWERS: tuple[Wrong | WrongArray, ...] = (*SIZES, *PARAMETERS, *WORK, *ARRAYS)


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


def score_wrong(rows: Iterable[Wrong | WrongArray] = WRONG_ANSWERS) -> Iterator[Scored]:
    """The wrong answers with their verdicts."""
    for row in rows:
        right, names = _of_array(row) if isinstance(row, WrongArray) else _of_metric(row)
        yield Scored(row, naming(row.names, right, names), names)


def _of_metric(row: Wrong) -> tuple[bool, tuple[str, ...]]:
    (found,) = check(row.spec, {row.path: row.text}, **row.options)
    return found.right, tuple(suspect.name for suspect in found.suspects)


def _of_array(row: WrongArray) -> tuple[bool, tuple[str, ...]]:
    given = "".join(f", {name}: {text}" for name, text in (("weights", row.weights), ("bias", row.bias)) if text)
    text = f"questions: [{{name: q, apply: {row.item}, data: {row.data}{given}}}]"
    marked = Marker(read_sheet(Source("exam.yaml", text))).mark("", {"q": row.answer})
    (mark,) = marked.marks
    return mark.points > 0, tuple(suspect.name for suspect in mark.suspects)


def score_written(rows: Iterable[Written] = NOTATIONS) -> Iterator[Scored]:
    """The odd notations with their verdicts."""
    for row in rows:
        (found,) = check(row.spec, {row.path: row.text}, **row.options)
        verdict = READ if found.right else UNREADABLE if found.problem else REFUSED
        yield Scored(row, NO_NOTE if found.right and row.noted and not found.note else verdict, ())


def score_nonsense(rows: Iterable[Nonsense] = NONSENSE) -> Iterator[Scored]:
    """The answers without reasoning that have a name."""
    for row in rows:
        (found,) = check(row.spec, {row.path: row.text})
        names = tuple(suspect.name for suspect in found.suspects)
        yield Scored(row, MARKED_RIGHT if found.right else FALSELY if names else UNNAMED, names)


def tally(scored: Iterable[Scored]) -> Counter[str]:
    """The number of answers with each verdict."""
    return Counter(one.verdict for one in scored)
