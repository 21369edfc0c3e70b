"""The answers of students: a YAML or JSON file for one student or a list of them, or a CSV file with a row for each.

Nothing in these files is executed, and their size is limited. A column or key that is not a part of the sheet is an
error, so that no answer gets lost because of a misspelt name.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, NamedTuple

from cnncalc.diagnostics import Diagnostic, Source, Span, SpecError, did_you_mean
from cnncalc.homework.gradebooks.columns import OWN_COLUMNS, Student, StudentColumns, StudentRoll, role, span_of_line
from cnncalc.homework.gradebooks.gradebook import delimiter_of, is_row_of_limits, read_gradebook
from cnncalc.homework.gradebooks.responses import ResponseColumns
from cnncalc.homework.sheet import QuestionSheet
from cnncalc.homework.values import located
from cnncalc.number_text import thousands
from cnncalc.reading.limits import DEFAULT_LIMITS
from cnncalc.reading.load import load_source
from cnncalc.reading.nodes import Mapping, Scalar, Sequence, SpecNode
from cnncalc.reading.scalars import plain_value
from cnncalc.reading.yaml_reader import read_yaml

MOST_STUDENTS = 100_000


class Answers(NamedTuple):
    """One student's answers, by the parts' names."""

    student: str
    texts: dict[str, str]
    keys: frozenset[str] = frozenset()
    """The student's IDs and e-mail addresses, for gradebooks."""
    id: str = ""

    @property
    def who(self) -> Student:
        """The student, with the keys."""
        return Student(self.student, self.keys, self.id)


def own_answers(sheet: QuestionSheet) -> Answers:
    """The answers in the sheet itself."""
    return Answers(sheet.student, {part.name: part.answer for part in sheet.parts if part.answer is not None})


def load_answers(reference: str, sheet: QuestionSheet, *, stdin: Any = None) -> list[Answers]:
    """The answers in a file, whose name determines its format. Raises SpecError."""
    source = load_source(reference, stdin=stdin).source
    if reference.lower().endswith((".csv", ".tsv")):
        return list(_from_csv(source, sheet))
    return _from_yaml(source, sheet)


def _from_csv(source: Source, sheet: QuestionSheet) -> Iterator[Answers]:
    rows = csv.reader(
        io.StringIO(source.text.removeprefix("\ufeff"), newline=""), delimiter=delimiter_of(source.text), strict=True
    )
    try:
        head = next([cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row))
    except (StopIteration, csv.Error):
        raise located("the table is empty", Span(source, 0, 0), "the first row must name the columns") from None
    columns, responses = StudentColumns(head), ResponseColumns(head, sheet)
    if not columns.exist:
        hint = f"name one of them {', '.join(OWN_COLUMNS)}"
        raise located("the table has no column for the students", Span(source, 0, len(head[0])), hint)
    _check_names(source, head, sheet, responses)
    roll = StudentRoll(source)
    try:
        for number, row in enumerate(rows):
            if number == MOST_STUDENTS:
                raise located(f"more than {thousands(MOST_STUDENTS)} rows", Span(source, 0, 0))
            if any(cell.strip() for cell in row) and not _is_summary(row):
                _check_length(source, head, row, rows.line_num)
                student = columns.student(row)
                roll.add(student, rows.line_num)
                cells = dict(zip(head, row, strict=False))
                yield Answers(student.name, cells | responses.answers(row), student.keys, student.id)
    except csv.Error as error:
        raise located(f"row {rows.line_num} cannot be parsed: {error}", Span(source, 0, 0)) from error


def load_students(reference: str) -> list[Student]:
    """The students in a table. Raises SpecError, also for a student without an ID or an e-mail address."""
    source = load_source(reference).source
    book = read_gradebook(source)
    for row, student, line in zip(book.rows, book.students, book.lines, strict=True):
        if student is None and any(cell.strip() for cell in row) and not is_row_of_limits(row):
            message = f'the row "{" ".join(filter(None, row))}" has neither an ID nor an e-mail address'
            raise located(
                message, span_of_line(source, line), "add an ID: the numbers of the student's sheet depend on it"
            )
    return [student for student in book.students if student]


def _check_length(source: Source, head: list[str], row: list[str], line: int) -> None:
    """Raise SpecError for a row with more cells than columns: a comma inside an answer moves the answers after it."""
    if any(cell.strip() for cell in row[len(head) :]):
        message = f"the row on line {line} has {len(row)} cells, but the table has {len(head)} columns"
        hint = 'put an answer with a separator into quotes: "3,860"'
        raise located(message, span_of_line(source, line), hint)


def _is_summary(row: list[str]) -> bool:
    """Whether a row contains averages, as the last one of Moodle's reports."""
    return row[0].strip().casefold() in ("overall average", "average")


def _check_names(source: Source, head: list[str], sheet: QuestionSheet, responses: ResponseColumns) -> None:
    known = {part.name for part in sheet.parts}
    for column, name in enumerate(head):
        if column in responses or role(name) == "platform":
            continue
        if name and name.lower() in [other.lower() for other in head[:column]]:
            hint = "remove one of the columns: it is unclear which answers count"
            raise located(f'duplicate column "{name}"', _name_of_column(source, head, column), hint)
        if name and name not in known and not role(name):
            hint = did_you_mean(name, known) or f"the sheet's parts are {', '.join(sorted(known))}"
            raise located(f'the sheet has no part "{name}"', _name_of_column(source, head, column), hint)


def _name_of_column(source: Source, head: list[str], column: int) -> Span:
    """The position of a column's name: after the names of the columns before it."""
    start = end = 0
    for name in head[: column + 1]:
        start = max(end, source.text.find(name, end))
        end = start + len(name)
    return Span(source, start, end)


def _from_yaml(source: Source, sheet: QuestionSheet) -> list[Answers]:
    """The answers of one student, or of a list of students."""
    root, diagnostics = read_yaml(source, DEFAULT_LIMITS)
    if root is None or diagnostics:
        raise SpecError(diagnostics)
    if not isinstance(root, Sequence):
        return [_of_one(root, sheet)]
    found = [_of_one(node, sheet) for node in root.items]
    known: dict[str, int] = {}
    for node, one in zip(root.items, found, strict=True):
        if one.student in known:
            raise located(f'duplicate student "{one.student}"', node.span, "remove one of the two")
        known[one.student] = len(known)
    return found


def _of_one(root: SpecNode, sheet: QuestionSheet) -> Answers:
    if not isinstance(root, Mapping):
        raise located("answers must be a mapping", root.span, "write `PART: ANSWER` lines")
    inner = root.get("answers")
    entries = inner if isinstance(inner, Mapping) else root
    known = {part.name: part for part in sheet.parts}
    texts, problems = {}, []
    for key, (written, node) in entries.entries.items():
        if entries is root and key in ("student", "title"):
            continue
        for name, value in _flat(key, node):
            if name in texts:
                message = f'"{name}" is answered twice'
                problems.append(Diagnostic("E503", message, written.span, hint="keep one of them"))
            elif name in known:
                texts[name] = _text(value)
            else:
                hint = did_you_mean(name, known) or f"the sheet's parts are {', '.join(known)}"
                problems.append(Diagnostic("E503", f'the sheet has no part "{name}"', written.span, hint=hint))
    if problems:
        raise SpecError(problems)
    who = root.get("student")
    return Answers(who.text if isinstance(who, Scalar) else "", texts)


def _flat(key: str, node: SpecNode) -> Iterator[tuple[str, SpecNode]]:
    """`q1: {a: 1, b: 2}` as `q1.a` and `q1.b`."""
    if not isinstance(node, Mapping):
        yield key, node
        return
    for inner, (_, value) in node.entries.items():
        yield f"{key}.{inner}", value


def _text(node: SpecNode) -> str:
    """An answer as written."""
    if isinstance(node, Scalar):
        return "" if plain_value(node) is None else node.text
    return node.source.text[node.start : node.end]
