"""Question sheets and tables of answers: defaults, the keys of parts, and the message for every mistake in them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from cnncalc.diagnostics import Source, SpecError
from cnncalc.homework import sheet as sheet_module
from cnncalc.homework.sheet import QuestionSheet, is_sheet, read_sheet
from cnncalc.homework.students import load_answers
from tests.together import for_each

FIT = "10x10x3 -> conv 8 3x3 s2"  # (10 − 3)/2 is not whole: 4
EXACT = f"{FIT} rounding=exact"


def sheet(*questions: str, head: str = "") -> QuestionSheet:
    return read_sheet(Source("homework.yaml", f"{head}questions:\n" + "".join(f"  - {one}\n" for one in questions)))


def test_defaults_of_a_sheet() -> None:
    """Questions are q1, q2, …, their parts a, b, …; a part has one point and does not follow."""
    found = sheet(
        f"{{spec: {FIT}, ask: output}}", f"{{text: Two, spec: {FIT}, parts: [{{ask: params}}, {{ask: macs}}]}}"
    )
    assert [part.name for part in found.parts] == ["q1", "q2.a", "q2.b"]
    assert [part.group for part in found.parts] == [0, 1, 1]
    assert {(part.points, part.follows, part.answer, part.text) for part in found.parts} == {(1, False, None, "")}
    assert (found.title, found.texts, found.student, found.points) == ("", ("", "Two"), "", 3)
    assert len(found.models) == 3


def test_letters_of_parts() -> None:
    """Twenty-six parts need no names."""
    (part, *_, last) = sheet(f"{{spec: {FIT}, parts: [{', '.join(['{ask: output}'] * 26)}]}}").parts
    assert (part.name, last.name) == ("q1.a", "q1.z")
    with pytest.raises(SpecError, match=r'two parts are called "q1\.a"'):
        sheet(f"{{spec: {FIT}, parts: [{', '.join(['{ask: output}'] * 27)}]}}")


def test_what_a_part_says() -> None:
    """Its own name, text, points and answer; a question's rules replace those of the sheet."""
    found = sheet(
        f"{{name: a, text: How large?, spec: {FIT}, ask: output, points: 0.1, answer: 4x4x8, follow_through: false}}",
        f"{{name: b, spec: {EXACT}, ask: conv_1.output, right: does not fit, answer: [4, 4]}}",
        f"{{name: c, spec: {EXACT}, right: does not fit}}",
        '{name: d, spec: "9x9x3 -> conv 8 3x3 padding=${p}", find: p, such_that: {output: 9x9x8}, points: 10000}',
        "{name: e, apply: max_pool 2, data: [[1, 0], [4, 6]], points: 0, partial_credit: {bias_forgotten: 1}}",
        head="title: Arithmetic\nstudent: Ada\nfollow_through: true\n"
        "partial_credit: {one_bias: 0, bias_forgotten: 0.3}\n",
    )
    assert [part.asks for part in found.parts] == ["output", "conv_1.output", "output", "p", "output"]
    assert [part.follows for part in found.parts] == [False, True, True, True, True]
    assert [part.answer for part in found.parts] == ["4x4x8", "[4, 4]", None, None, None]
    assert [part.points for part in found.parts] == [Fraction("0.1"), 1, 1, 10_000, 0]
    assert found.parts[0].text == "How large?"
    assert found.parts[0].partial == {"one_bias": 0, "bias_forgotten": Fraction("0.3")}
    assert found.parts[4].partial == {"one_bias": 0, "bias_forgotten": 1}
    assert (found.title, found.student) == ("Arithmetic", "Ada")
    assert len(found.models) == 1


@for_each(
    ("question", "message", "hint"),
    [
        ("1", "a question must be a mapping, got a text", "write `name: …` lines"),
        (f"{{spec: {FIT}, parts: 3}}", "`parts` needs a list", ""),
        (f"{{spec: {FIT}, parts: [1]}}", "a part must be a mapping, got a text", "write `name: …` lines"),
        (f"{{spec: {FIT}, parts: [{{ask: output, point: 1}}]}}", 'a part has no key "point"', 'did you mean "points"?'),
        (f"{{spec: {FIT}, ask: output, right: 42}}", "`right` can only be set to `does not fit`",
         "all other right answers are computed"),
        (f"{{spec: {FIT}, ask: output, right: does not fit}}", "it fits: the output is 4x4x8",
         "write a spec whose sizes are rejected, such as one with rounding=exact"),
        ("{ask: output, right: does not fit}", "the question has no spec",
         "write a spec whose sizes are rejected, such as one with rounding=exact"),
        (f"{{spec: {EXACT}, parts: [{{ask: output, right: does not fit}}, {{ask: conv_1.params}}]}}",
         "conv_1.params does not exist: ", "add `right: does not fit` to this part, too"),
        ("{ask: output}", "the question has no spec", "add `spec:` to the question"),
        (f"{{spec: {FIT}, find: p}}", "no condition for p is given", "add `spec:` and `such_that: {output: …}`"),
        (f"{{spec: {FIT}, find: p, such_that: {{}}}}", "no condition for p is given",
         "add `spec:` and `such_that: {output: …}`"),
        ("{find: p, such_that: {output: 3}}", "no condition for p is given",
         "add `spec:` and `such_that: {output: …}`"),
        ("{apply: relu}", "`apply` needs `data`", "add `data: [[1, 0], [4, 6]]`"),
        (f"{{spec: {FIT}}}", "q1 does not ask for anything", "add `ask: FIGURE`, `find: VARIABLE` or `apply: ITEM`"),
        (f"{{spec: {FIT}, ask: output, follow_through: 3}}", "expected true or false", ""),
        (f"{{spec: {FIT}, ask: output, points: true}}", "points must be a number from 0 to 10,000", ""),
        (f"{{spec: {FIT}, ask: output, points: 10001}}", "points must be a number from 0 to 10,000", ""),
        (f"{{spec: {FIT}, ask: output, points: many}}", "points must be a number from 0 to 10,000", ""),
        (f"{{spec: {FIT}, ask: output, partial_credit: 1}}", "partial credit must be a mapping, got a text",
         "write `name: …` lines"),
        (f"{{spec: {FIT}, ask: output, partial_credit: {{one_bias: 2}}}}",
         "partial credit must be a number from 0 to 1", ""),
        (f"{{spec: {FIT}, ask: output, partial_credit: {{one_bias: -0.1}}}}",
         "partial credit must be a number from 0 to 1", ""),
        (f"{{spec: {FIT}, ask: output, partial_credit: {{one_bias: true}}}}",
         "partial credit must be a number from 0 to 1", ""),
        (f"{{spec: {FIT}, ask: output, partial_credit: {{xyz: 1}}}}", 'unknown mistake "xyz"',
         "`cnncalc check --list-mistakes` lists them"),
        ('{spec: "10x10x3 -> conv", ask: output, right: does not fit}', "conv needs `filters`", None),
    ],
)  # fmt: skip
def test_mistakes_in_a_question(question: str, message: str, hint: str | None) -> None:
    """Each on the question's line, with what to write instead."""
    with pytest.raises(SpecError) as error:
        sheet(question)
    diagnostic = error.value.diagnostics[0]
    assert diagnostic.message.startswith(message)
    assert hint is None or diagnostic.hint == hint
    assert diagnostic.line == 2


@for_each(
    ("text", "message"),
    [
        ("- 1\n", "a sheet must be a mapping"),
        ("title: x\nquestion: []\n", 'a sheet has no key "question"'),
        ("questions: {}\n", "a sheet needs a list of questions"),
        ("questions: []\n", "a sheet needs a list of questions"),
        ("title: a\ntitle: b\nquestions: [{spec: 8 -> relu, ask: output}]\n", 'duplicate key "title"'),
        ("title: [\n", "the `[` opened here is never closed"),
    ],
)
def test_mistakes_in_a_sheet(text: str, message: str) -> None:
    with pytest.raises(SpecError) as error:
        read_sheet(Source("homework.yaml", text))
    assert message in error.value.diagnostics[0].message


def test_the_number_of_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_module, "MOST_PARTS", 2)
    question = f"{{spec: {FIT}, ask: output}}"
    assert len(sheet(question, question).parts) == 2
    with pytest.raises(SpecError, match="more than 2 parts"):
        sheet(question, question, question)


def test_specs_beside_the_sheet(tmp_path: Path) -> None:
    """A path is relative to the sheet's file; a mapping is a spec written out."""
    (tmp_path / "net.yaml").write_text("input: 7x7x3\nlayers: [conv 2 3x3]\n", encoding="utf-8")
    path = tmp_path / "homework.yaml"
    text = "questions:\n  - {spec: net.yaml, ask: params}\n  - {spec: {input: 7x7x3, layers: [relu]}, ask: output}\n"
    path.write_text(text, encoding="utf-8")
    found = read_sheet(Source(str(path), text))
    assert [part.question.asked.value for part in found.parts if part.question] == [56, (7, 7, 3)]


def test_a_variable_of_a_spec_beside_the_sheet(tmp_path: Path) -> None:
    """It is one of the file's variables: (9 − 3 + 2p) + 1 = 9 for p = 1."""
    net = "input: 9x9x3\nvariables: {p: 0}\nlayers: [{conv: {filters: 2, kernel: 3, padding: '${p}'}}]\n"
    (tmp_path / "net.yaml").write_text(net, encoding="utf-8")
    text = "questions:\n  - {spec: net.yaml, find: p, such_that: {output: 9x9x2}}\n"
    (tmp_path / "homework.yaml").write_text(text, encoding="utf-8")
    (part,) = read_sheet(Source(str(tmp_path / "homework.yaml"), text)).parts
    assert part.value is not None
    assert [part.value.judge(answer).status for answer in ("1", "2")] == ["right", "wrong"]


@for_each(
    ("text", "expected"),
    [
        ("questions:\n", True),
        ('title: a\n"questions": []\n', True),
        ("input: 3\nlayers: []\n", False),
        (" questions:\n", False),
        ('{"title": "a", "questions": [{"ask": "output"}]}', True),
        ('{\n\t"questions": []\n}', True),
        ('{"input": "3", "layers": []}', False),
    ],
)
def test_sheets_and_specs(text: str, expected: bool) -> None:
    assert is_sheet(Source("a.yaml", text)) is expected


# --- tables of answers -----------------------------------------------------------------------------------------------

THREE = [f"{{name: {name}, spec: {FIT}, ask: output}}" for name in ("one", "two", "three")]


def answers(folder: Path, name: str, text: str) -> list[tuple[str, dict[str, str]]]:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return [one[:2] for one in load_answers(str(path), sheet(*THREE))]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.csv", "student,one,two\nAda,1,2\nBen,3,4\n", [("Ada", "1", "2"), ("Ben", "3", "4")]),
        ("a.csv", "Name;one;two\nAda;1;2\n", [("Ada", "1", "2")]),
        ("a.tsv", "one\tid\ttwo\n1\tAda\t2\n", [("Ada", "1", "2")]),
        ("A.CSV", "one, student ,two\n1, Ada ,2\n", [("Ada", "1", "2")]),
        ("a.csv", "\nstudent,one,two\n\n,,\nAda,1,2\n", [("Ada", "1", "2")]),  # empty rows are skipped
        ("a.csv", "student,one\nAda,1,\nBen\n", [("Ada", "1", None), ("Ben", None, None)]),
        ("a.csv", "one,two,student\n1\n", [("", "1", None)]),
        ("a.csv", "one,student\n5\n", [("", "5", None)]),
        ("a.csv", "student,id,one\nAda,1,5\nAda,2,6\n", [("Ada", "5", None), ("Ada", "6", None)]),
        ("a.csv", "student,comment,Group,one\n,x,y,5\n,x,y,6\n", [("", "5", None), ("", "6", None)]),
        ("a.yaml", "student: Ada\none: 1\ntwo: [2, 2]\n", [("Ada", "1", "[2, 2]")]),
        ("a.yaml", "title: My work\nanswers: {one: 1}\n", [("", "1", None)]),
        ("a.json", '{"student": "Ada", "one": 1, "two": null}', [("Ada", "1", "")]),
        ("a.json", '[{"student": "Ada", "one": 1},\n {"student": "Ben", "answers": {"two": "7\\u00d75"}}]',
         [("Ada", "1", None), ("Ben", None, "7×5")]),
        ("a.yaml", "student: [1]\nanswers: {one: 1}\n", [("", "1", None)]),
    ],
)  # fmt: skip
def test_tables_of_answers(
    tmp_path: Path, name: str, text: str, expected: list[tuple[str, str | None, str | None]]
) -> None:
    """The column of the students has one of five names; the separator is that of the first row."""
    found = answers(tmp_path, name, text)
    assert [(who, texts.get("one"), texts.get("two")) for who, texts in found] == expected


@pytest.mark.parametrize(
    ("name", "text", "place", "message", "hint"),
    [
        ("a.csv", "", (1, 1), "the table is empty", "the first row must name the columns"),
        ("a.csv", " , \n", (1, 1), "the table is empty", "the first row must name the columns"),
        ("a.csv", "one\n1\n", (1, 1), "the table has no column for the students",
         "name one of them student, name, id, matriculation, email"),
        ("a.csv", "student,one,on\nAda,1,2\n", (1, 13), 'the sheet has no part "on"', 'did you mean "one"?'),
        ("a.csv", "one,student,oneness\n1,Ada,2\n", (1, 13), 'the sheet has no part "oneness"', 'did you mean "one"?'),
        ("a.csv", "student,one,xyz\nAda,1,2\n", (1, 13), 'the sheet has no part "xyz"',
         "the sheet's parts are one, three, two"),
        ("a.csv", "student,one,ONE\nAda,1,2\n", (1, 13), 'duplicate column "ONE"',
         "remove one of the columns: it is unclear which answers count"),
        ("a.csv", "student,one,one\nAda,1,2\n", (1, 13), 'duplicate column "one"',
         "remove one of the columns: it is unclear which answers count"),
        ("a.csv", "student,one\nAda,1\nBen,2\nAda,3\n", (4, 1), 'duplicate student "Ada" (first on line 2)',
         "remove one of the rows, or distinguish them by a column such as `id`"),
        ("a.csv", "student,id,one\nAda,7,1\nAda,7,3\n", (3, 1), 'duplicate student "Ada 7" (first on line 2)',
         "remove one of the rows, or distinguish them by a column such as `id`"),
        ("a.yaml", "one: 1\none: 2\n", (2, 1), 'duplicate key "one"; the other one is on line 1', "keep one of them"),
        ("a.json", '[{"student": "Ada"},\n {"student": "Ada"}]', (2, 2), 'duplicate student "Ada"',
         "remove one of the two"),
        ("a.yaml", "- 1\n", (1, 3), "answers must be a mapping", "write `PART: ANSWER` lines"),
        ("a.yaml", "one: 1\nfour: 2\n", (2, 1), 'the sheet has no part "four"',
         "the sheet's parts are one, two, three"),
        ("a.yaml", "one: 1\nthre: 2\n", (2, 1), 'the sheet has no part "thre"', 'did you mean "three"?'),
        ("a.yaml", "answers: {student: Ada}\n", (1, 11), 'the sheet has no part "student"',
         "the sheet's parts are one, two, three"),
    ],
)  # fmt: skip
def test_mistakes_in_answers(
    tmp_path: Path, name: str, text: str, place: tuple[int, int], message: str, hint: str
) -> None:
    with pytest.raises(SpecError) as error:
        answers(tmp_path, name, text)
    (found,) = error.value.diagnostics
    assert (found.message, found.hint) == (message, hint)
    assert (found.line, found.column) == place


def test_all_unknown_parts_of_a_file_are_reported(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as error:
        answers(tmp_path, "a.yaml", "x1: 1\none: 2\ny1: 3\n")
    assert [found.line for found in error.value.diagnostics] == [1, 3]
