"""Filling a platform's gradebook with the points of marked sheets, for import into the platform."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from io import StringIO
from typing import NamedTuple

from cnncalc.diagnostics import Source, Span
from cnncalc.homework.gradebooks.columns import Student, StudentColumns, StudentRoll
from cnncalc.homework.values import located
from cnncalc.number_text import thousands

MOST_ROWS = 100_000
_LIMITS = "points possible"
"""The first cell of Canvas's second row, which contains the limits."""


class Gradebook(NamedTuple):
    """The header and the rows of a gradebook, and the student of each row, or None for a row without one."""

    head: list[str]
    rows: list[list[str]]
    students: list[Student | None]
    source: Source
    lines: list[int]
    """The number of the line on which each row ends."""


def read_gradebook(source: Source) -> Gradebook:
    """Parse a gradebook. Raises SpecError if no column identifies the students, or for duplicates."""
    text = source.text.removeprefix("\ufeff")
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter_of(text))
    rows: list[list[str]] = []
    students: list[Student | None] = []
    lines: list[int] = []
    head: list[str] = []
    roll = StudentRoll(source)
    for row in reader:
        if len(rows) > MOST_ROWS:
            raise located(f"more than {thousands(MOST_ROWS)} rows", Span(source, 0, 0))
        if not head:
            head = row
            columns = StudentColumns(head)
            continue
        student = None if is_row_of_limits(row) else columns.student(row)
        if student is not None and student.keys:
            roll.add(student, reader.line_num)
        rows.append(row)
        lines.append(reader.line_num)
        students.append(student if student is not None and student.keys else None)
    if not any(students):
        hint = "it needs a column such as `ID number`, `Email address`, `SIS Login ID` or `SID`"
        raise located("the gradebook has no column with an ID or an e-mail address", Span(source, 0, 0), hint)
    return Gradebook(head, rows, students, source, lines)


def is_row_of_limits(row: list[str]) -> bool:
    """Whether a row contains Canvas's limits instead of a student."""
    return bool(row) and row[0].strip().casefold() == _LIMITS


def delimiter_of(text: str) -> str:
    """The separator in the first row: a tab, a semicolon, or a comma."""
    first = text.partition("\n")[0]
    return next((mark for mark in "\t;" if mark in first), ",")


def filled(book: Gradebook, title: str, limit: str, points: Iterable[tuple[Student, str]]) -> Gradebook:
    """The gradebook with a column of points under a title, which may exist already.

    Raises SpecError for a student with two rows of points, or without a row in the gradebook.
    """
    place = book.head.index(title) if title in book.head else len(book.head)
    by_key = {key: row for row, student in enumerate(book.students) if student for key in student.keys}
    given: dict[int, str] = {}
    for student, number in points:
        found = {by_key[key] for key in student.keys if key in by_key}
        if len(found) != 1 or found & given.keys():
            raise located(_problem(student, len(found)), Span(book.source, 0, 0), "compare the IDs in the two files")
        given[found.pop()] = number
    rows = [_with(row, place, _cell(book, at, limit, given)) for at, row in enumerate(book.rows)]
    return book._replace(head=_with(book.head, place, title), rows=rows)


def _problem(student: Student, count: int) -> str:
    name = student.name or "a student without a name"
    if not student.keys:
        return f'"{name}" has neither an ID nor an e-mail address in the answers'
    return f'"{name}" is not in the gradebook' if not count else f'"{name}" matches the gradebook or the answers twice'


def _cell(book: Gradebook, row: int, limit: str, given: Mapping[int, str]) -> str | None:
    """The points of a row, the limit in Canvas's row of limits, or None to keep what there is."""
    if row in given:
        return given[row]
    return limit if is_row_of_limits(book.rows[row]) else None


def _with(row: list[str], place: int, cell: str | None) -> list[str]:
    """A row with a cell at a place."""
    longer = [*row, *[""] * (place + 1 - len(row))]
    if cell is not None:
        longer[place] = cell
    return longer
