"""The columns of a table of students: names, keys such as an ID or an e-mail address, and columns of the platform.

Sources: the exports of Moodle ("First name", "ID number", "Email address"), Canvas ("Student", "SIS User ID",
"SIS Login ID") and Gradescope ("SID", "Email"). Students are matched by their keys, never by their names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cnncalc.diagnostics import Source, Span
from cnncalc.homework.values import located

OWN_COLUMNS = ("student", "name", "id", "matriculation", "email")
"""The columns of our own tables."""
_ROLES: Mapping[str, str] = {
    **dict.fromkeys(("student", "name", "student name", "full name"), "name"),
    **dict.fromkeys(("first name", "firstname", "given name"), "first"),
    **dict.fromkeys(("last name", "surname", "lastname", "family name"), "last"),
    **dict.fromkeys((
        "id", "id number", "matriculation", "student id", "sid", "sis user id", "sis id", "sis_id", "sis login id",
        "login id", "username",
    ), "key"),
    **dict.fromkeys(("email", "email address", "e-mail", "e-mail address", "mail"), "key"),
    **dict.fromkeys((
        "comment", "group", "institution", "department", "section", "sections", "section name", "section_id",
        "section_sis_id", "root account", "state", "status", "started on", "started", "completed", "time taken",
        "duration", "submitted", "attempt", "n correct", "n incorrect", "score", "last downloaded from this course",
        "submission id", "submission time", "total score", "max points", "lateness (h:m:s)", "view count",
        "submission count", "seed",
    ), "platform"),
}  # fmt: skip
_OF_THE_PLATFORM = re.compile(r"grade/[\d.,]+|q\. ?\d+ ?/[\d.,]+|[\d.,]+|question \d+|right answer \d+", re.IGNORECASE)
"""Points (`Grade/10.00` and `Q. 1 /1.00` in Moodle, `1.0` in Canvas), and texts that Moodle adds to a report."""


class Student(NamedTuple):
    """A row's student: the name to show, and the keys to match."""

    name: str
    keys: frozenset[str]
    id: str = ""
    """The first key that is not an e-mail address, else the address."""


def role(name: str) -> str:
    """The role of a column: name, first, last, key, platform, or nothing."""
    word = name.strip().lstrip("\ufeff").casefold()
    return _ROLES.get(word) or ("platform" if _OF_THE_PLATFORM.fullmatch(word) else "")


class StudentColumns:
    """The columns of a table that identify its students."""

    def __init__(self, head: Sequence[str]) -> None:
        self._roles = [role(name) for name in head]
        if any(name.strip().casefold() in ("sis user id", "sis_id") for name in head):
            own = (place for place, name in enumerate(head) if name.strip().casefold() == "id")
            for place in own:
                self._roles[place] = "platform"  # Canvas's own number

    @property
    def exist(self) -> bool:
        return any(word in ("name", "first", "last", "key") for word in self._roles)

    def student(self, row: Sequence[str]) -> Student:
        """The student of a row."""
        cells: dict[str, list[str]] = {}
        for word, cell in zip(self._roles, row, strict=False):
            if cell.strip():
                cells.setdefault(word, []).append(cell.strip())
        name = (cells.get("name") or [" ".join(cells.get("first", []) + cells.get("last", []))])[0]
        keys = cells.get("key", [])
        own = next((key for key in keys if "@" not in key), next(iter(keys), ""))
        return Student(name or own, frozenset(key.casefold() for key in keys), own)


def span_of_line(source: Source, line: int) -> Span:
    """The position of a line, counted from 1."""
    start = sum(len(one) + 1 for one in source.text.split("\n")[: line - 1])
    return Span(source, start, start + len(source.text[start:].partition("\n")[0]))


class StudentRoll:
    """The students of a table so far, without duplicates."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._lines: dict[str, int] = {}

    def add(self, student: Student, line: int) -> None:
        """Add a student. Raises SpecError for a duplicate, since one of the two rows would silently be lost."""
        keys = student.keys or ({f"name {student.name.casefold()}"} if student.name else frozenset())
        for key in sorted(keys):
            if key in self._lines:
                raise self._duplicate(student, self._lines[key], line)
        self._lines.update(dict.fromkeys(keys, line))

    def _duplicate(self, student: Student, first: int, line: int) -> Exception:
        shown = " ".join(filter(None, (student.name, *sorted(student.keys - {student.name.casefold()}))))
        message = f'duplicate student "{shown}" (first on line {first})'
        hint = "remove one of the rows, or distinguish them by a column such as `id`"
        return located(message, span_of_line(self._source, line), hint)
