"""Tables of Moodle, Canvas and Gradescope: answers read from their reports, points written into their gradebooks."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.diagnostics import Source, SpecError
from cnncalc.homework.gradebooks.columns import Student, StudentColumns
from cnncalc.homework.gradebooks.gradebook import filled, read_gradebook
from cnncalc.homework.gradebooks.responses import _answers
from cnncalc.homework.marking import Marker
from cnncalc.homework.sheet import QuestionSheet, read_sheet
from cnncalc.homework.students import Answers, load_answers, load_students
from tests.together import for_each

SHEET = """
title: Week 3
questions:
  - {name: shapes, spec: 32x32x3 -> conv 20 8x8 s2 p1, parts: [{ask: output}, {ask: params, points: 2}]}
  - {name: pool, apply: max_pool 2 s1, data: [[1, 0, 2], [4, 6, 3], [7, 5, 8]]}
"""
"""14x14x20, 3,860, and [[6, 6], [7, 8]]."""
MOODLE = """\
Surname,First name,ID number,Email address,State,Started on,Completed,Time taken,Grade/10.00,Response 1,Response 2
Lovelace,Ada,007,ada@x.org,Finished,1 May,1 May,3 mins,10.00,"part 1: 14x14x20; part 2: 3,860","part 1: 6; part 2: 6; \
part 3: 7; part 4: 8"
Hopper,Grace,008,grace@x.org,Finished,1 May,1 May,3 mins,5.00,part 1: (14; part 2: -,part 1: 6; part 2: 6; part 3: 7; \
part 4: 7
Overall average,,,,,,,,7.50,,
"""
CANVAS = """\
name,id,sis_id,section,section_id,section_sis_id,submitted,attempt,4711: Shapes?,3.0,4712: Pool?,1.0,n correct,score
Ada Lovelace,9001,007,A,1,,2026-05-01,1,"14\\, 14\\, 20,3860",3.0,"6,6,7,8",1.0,2,4.0
Grace Hopper,9002,008,A,1,,2026-05-01,1,"14x14x20,",1.0,,0,1,1.0
"""
OWN = "student,id,shapes.a,shapes.b\nAda,007,14x14x20,3860\nGrace,008,,3860\n"


def sheet() -> QuestionSheet:
    return read_sheet(Source("sheet.yaml", SHEET))


def answers(folder: Path, text: str) -> list[Answers]:
    (folder / "answers.csv").write_text(text, encoding="utf-8")
    return load_answers(str(folder / "answers.csv"), sheet())


def marks(folder: Path, text: str) -> list[tuple[str, frozenset[str], list[str]]]:
    marker = Marker(sheet())
    return [
        (one.student, one.keys, [mark.status for mark in marker.mark(one.student, one.texts).marks])
        for one in answers(folder, text)
    ]


def test_responses_of_moodle(tmp_path: Path) -> None:
    """A cloze question has its parts in one cell, a matrix one part for each number; `-` is no answer."""
    assert marks(tmp_path, MOODLE) == [
        ("Ada Lovelace", {"007", "ada@x.org"}, ["right", "right", "right"]),
        ("Grace Hopper", {"008", "grace@x.org"}, ["wrong", "no answer", "wrong"]),
    ]


def test_texts_in_a_report_of_moodle(tmp_path: Path) -> None:
    """The report can also show the question and the right answer, which are no answers of the student."""
    text = "ID number,Question 1,Response 1,Right answer 1\n007,Shapes?,part 1: 14x14x20; part 2: 7,part 1: 1\n"
    assert marks(tmp_path, text) == [("007", {"007"}, ["right", "wrong", "no answer"])]


def test_student_analysis_of_canvas(tmp_path: Path) -> None:
    """The blanks are separated by commas; Canvas's own number of a student is not a key."""
    assert marks(tmp_path, CANVAS) == [
        ("Ada Lovelace", {"007"}, ["right", "right", "right"]),
        ("Grace Hopper", {"008"}, ["right", "no answer", "no answer"]),
    ]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("student,id,shapes.a\nAda,7,1\nBen,7,2\n", 3, 'duplicate student "Ben 7" (first on line 2)'),
        ("First name,Surname,Email address,pool\nAda,L,a@x.org,1\nAda,L,A@X.org,1\n", 3,
         'duplicate student "Ada L a@x.org" (first on line 2)'),
        ("SID,Email,pool,shapes.c\n1,a@x.org,1,2\n", 1, 'the sheet has no part "shapes.c"'),
        ("student,shapes.b,shapes.a\nAda,,1,,\nBen,3,860,14x14x20\n", 3,
         "the row on line 3 has 4 cells, but the table has 3 columns"),
        ("ID number,Response 2,Response 3\n007,6,7\n", 1, 'the sheet has no part "Response 3"'),  # of two
        ("ID number,Response 0\n007,6\n", 1, 'the sheet has no part "Response 0"'),
        ('student,shapes.a\nAda,"14x14\nBen,1\n', 1, "row 3 cannot be parsed: unexpected end of data"),
    ],
)  # fmt: skip
def test_mistakes_in_tables(tmp_path: Path, text: str, line: int, message: str) -> None:
    """The same ID or e-mail address twice is an error, whatever the names are."""
    with pytest.raises(SpecError) as error:
        answers(tmp_path, text)
    (found,) = error.value.diagnostics
    assert (found.line, found.message) == (line, message)


@for_each(
    ("head", "row", "expected"),
    [
        ("Email address,ID number", "Ada@x.org,A007", "A007"), ("ID number,Email address", "A007,Ada@x.org", "A007"),
        ("ID number,Email address", ",Ada@x.org", "Ada@x.org"), ("Name,ID number", "Ada,", ""),
    ],
)  # fmt: skip
def test_the_id_of_a_student(head: str, row: str, expected: str) -> None:
    """The e-mail address only if there is no other key."""
    assert StudentColumns(head.split(",")).student(row.split(",")).id == expected


def test_students_without_an_id(tmp_path: Path) -> None:
    """A student who would get no sheet is an error; an empty row and Canvas's limits are not."""
    table = tmp_path / "students.csv"
    table.write_text("Student,ID\n    Points Possible,\n,\nAda,7\n", encoding="utf-8")
    assert load_students(str(table)) == [Student("Ada", frozenset(["7"]), "7")]
    table.write_text("Student,ID\nAda,7\nBen,\n", encoding="utf-8")
    with pytest.raises(SpecError, match='the row "Ben" has neither an ID nor an e-mail address'):
        load_students(str(table))


def points(*given: tuple[str, str, str]) -> list[tuple[Student, str]]:
    return [(Student(name, frozenset([key])), number) for name, key, number in given]


@for_each(
    ("text", "head", "last"),
    [
        ("First name,Surname,ID number,Email address\nAda,L,007,ada@x.org\nGrace,H,008,g@x.org\n",
         ["First name", "Surname", "ID number", "Email address", "Week 3"], ["4", ""]),
        ('Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"L, Ada",9001,007,ada@x.org,A\n',
         ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Week 3"], ["4", "4"]),
        ("First Name,Last Name,SID,Email,Week 3\nAda,L,007,ada@x.org,1\nGrace,H,008,g@x.org,2\n",
         ["First Name", "Last Name", "SID", "Email", "Week 3"], ["4", "2"]),
        ("Surname;Username;Email address\nL;al;ADA@x.org\n", ["Surname", "Username", "Email address", "Week 3"], ["4"]),
    ],
)  # fmt: skip
@for_each("key", ["007", "ada@x.org"])
def test_points_in_gradebooks(text: str, head: list[str], last: list[str], key: str) -> None:
    """A new column, or the one with the title; other cells stay, and Canvas's row of limits gets the limit."""
    if key not in text.casefold():
        key = "ada@x.org"
    book = filled(read_gradebook(Source("book.csv", text)), "Week 3", "4", points(("Ada", key, "4")))
    assert (book.head, [row[-1] for row in book.rows]) == (head, last)


@for_each(
    ("text", "given", "message"),
    [
        ("Name,SID\nAda,1\n", points(("Ben", "2", "4")), '"Ben" is not in the gradebook'),
        ("Name,SID\nAda,1\n", points(("Ada", "1", "4"), ("Ada", "1", "3")),
         '"Ada" matches the gradebook or the answers twice'),
        ("Name,SID\nAda,1\n", [(Student("Ada", frozenset()), "4")],
         '"Ada" has neither an ID nor an e-mail address in the answers'),
        ("Name,SID\nAda,1\nBen,1\n", [], 'duplicate student "Ben 1" (first on line 2)'),
        ("Name,Points\nAda,1\n", [], "the gradebook has no column with an ID or an e-mail address"),
        ("", [], "the gradebook has no column with an ID or an e-mail address"),
    ],
)  # fmt: skip
def test_points_that_cannot_be_written(text: str, given: list[tuple[Student, str]], message: str) -> None:
    with pytest.raises(SpecError) as error:
        filled(read_gradebook(Source("book.csv", text)), "Week 3", "4", given)
    (found,) = error.value.diagnostics
    assert (found.message, found.column) == (message, 1)


FIELDS = """\
title: Fields
questions:
  - {name: shape, spec: 32x32x3 -> conv 20 8x8 s2 p1, ask: output}
  - {name: pool, apply: max_pool 1, data: [[1, 2, 3], [4, 5, 6]]}
  - {name: row, apply: relu, data: [1, 2, 3]}
"""


@pytest.mark.parametrize(
    ("question", "cell", "found"),
    [
        (0, "14, 14, 20", {"shape": "14, 14, 20"}),  # one field, whose commas are the student's
        (1, "1,2,3,4,5,6", {"pool": "[[1, 2, 3], [4, 5, 6]]"}),  # two rows of three
        (1, "part 1: 1; part 2: 2; part 6: 9", {"pool": "[[1, 2, ], [, , 9]]"}), (1, "-", {}),
        (2, "1,-2,3", {"row": "[1, -2, 3]"}),
    ],
)  # fmt: skip
def test_the_fields_of_a_question(question: int, cell: str, found: dict[str, str]) -> None:
    part = read_sheet(Source("sheet.yaml", FIELDS)).parts[question]
    assert _answers(cell, [part]) == found
