"""Exercises in other formats: read back as the platforms read them, every right answer passes `check`, no wrong one."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from cnncalc.diagnostics import Source
from cnncalc.homework.comparison import compare
from cnncalc.homework.exercises.quiz import as_sheet, make_quiz
from cnncalc.homework.exercises.topics import LEVELS, TOPICS
from cnncalc.homework.marking import Marker
from cnncalc.homework.sheet import QuestionSheet, read_sheet
from cnncalc.homework.values import Output, rows_of
from cnncalc.render.exercises import FORMATS, write_exercises
from cnncalc.render.homework.marked import right_value

QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
KINDS = """
title: "All kinds: {1} #2 ~3 = <4>"
partial_credit: {bias_forgotten: 0.5}
questions:
  - name: shapes
    text: "Weights & {braces}, #1 ~ 5 = x, 50% <b>"
    spec: 32x32x3 -> conv 20 8x8 s2 p1
    parts:
      - {ask: conv_1.output, points: 2}
      - {name: weights, ask: conv_1.params, points: 1.5}
      - {name: ratio, ask: total.unshared_params / total.params}
      - {name: third, ask: conv_1.params / total.unshared_params, text: One part in how many?}
      - {name: field, ask: receptive_field}
  - {name: same, text: Which?, spec: "32x32x3 -> conv 8 5x5 padding=${p}", find: p, such_that: {output: 32x32x8}}
  - {name: pool, text: Pool it., apply: max_pool 2 s1, data: [[1, 0, 2], [4, 6, 3], [7, 5, 8]]}
  - {name: row, text: Add it., apply: dense 2, data: [1, 2], weights: [[1, 0], [3, 1]], bias: [0, 1]}
  - {name: fit, spec: "10x10x3 -> conv 8 3x3 s2 rounding=exact", ask: output, right: does not fit}
"""
"""(3840 + 20) and 14·14·3860 = 756,560; the padding is 2; the pool gives 6, 6, 7, 8; the sums are 7 and 3."""

Answered = Iterator[tuple[str, str, float, str]]
"""Part, answer, per cent of the points, feedback."""


def sheet_of(text: str) -> QuestionSheet:
    return read_sheet(Source("sheet.yaml", text))


def share(sheet: QuestionSheet, part: str, answer: str) -> float:
    """The per cent of the points that `check` gives for an answer."""
    found = Marker(sheet).mark("", {part: answer})
    (mark,) = (mark for mark in found.marks if mark.part.name == part)
    return float(100 * mark.points / mark.part.points)


# --- how the platforms read the files ------------------------------------------------------------------------------

CLOZE = re.compile(r"\{(\d+):(NUMERICAL|SHORTANSWER):((?:\\.|[^}\\])*)\}")
"""A field: its weight, its type and its answers, as in Moodle's question type `multianswer`."""
ALTERNATIVE = re.compile(r"(?:=|%([\d.]+)%)((?:\\.|[^~#\\])+)(?:#((?:\\.|[^~\\])*))?(?:~|$)")


def moodle_answers(text: str) -> Answered:
    root = ElementTree.fromstring(text)
    assert root.tag == "quiz"
    for question in root.iter("question"):
        if question.get("type") == "category":
            continue
        body = question.findtext("questiontext/text") or ""
        assert question.get("type") == "cloze"
        assert question.findtext("generalfeedback/text")
        name = question.findtext("name/text") or ""
        for number, field in enumerate(CLOZE.findall(body)):
            for percent, answer, feedback in ALTERNATIVE.findall(unescape(field[2])):
                said = re.sub(r"\\(.)", r"\1", answer)
                said = said.rpartition(":")[0] if field[1] == "NUMERICAL" else said
                yield f"{name}/{number}", said, float(percent or 100), feedback


def gift_answers(text: str) -> Answered:
    for name, body in re.findall(r"^::((?:\\.|[^:\\])+)::(?:\\.|[^{\\])*\{(#?(?:\\.|[^}\\])*)\}", text, re.MULTILINE):
        is_number = body.startswith("#")
        for line in body.removeprefix("#").strip().split("\n\t"):
            found = re.fullmatch(r"=%([\d.]+)%((?:\\.|[^#\\])+)(?:#(.*))?", line.strip())
            assert found or line.strip().startswith("####")
            if found:
                said = found[2].rpartition(":")[0] if is_number else re.sub(r"\\(.)", r"\1", found[2])
                yield name, said, float(found[1]), found[3] or ""


def qti_answers(package: bytes) -> Answered:
    archive = ZipFile(BytesIO(package))
    manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
    hrefs = {node.attrib["href"] for node in manifest.iter() if node.tag.endswith("}file")}
    assert hrefs == set(archive.namelist()) - {"imsmanifest.xml"}
    test = ElementTree.fromstring(archive.read("test.xml"))
    for reference in test.iter(f"{QTI}assessmentItemRef"):
        item = ElementTree.fromstring(archive.read(reference.attrib["href"]))
        assert item.attrib["identifier"] == reference.attrib["identifier"]
        yield from _item_answers(item)


def _item_answers(item: ElementTree.Element) -> Answered:
    blanks = [node.attrib["responseIdentifier"] for node in item.iter(f"{QTI}textEntryInteraction")]
    declared = {node.attrib["identifier"]: node for node in item.iter(f"{QTI}responseDeclaration")}
    assert blanks == list(declared)
    feedbacks = {node.attrib["identifier"]: "".join(node.itertext()) for node in item.iter(f"{QTI}modalFeedback")}
    assert all(feedbacks.values())
    for number, (blank, node) in enumerate(declared.items()):
        mapped = {entry.attrib["mapKey"]: entry.attrib["mappedValue"] for entry in node.iter(f"{QTI}mapEntry")}
        right = [value.text or "" for value in node.iterfind(f"{QTI}correctResponse/{QTI}value")]
        assert list(mapped) == right
        for answer in right:
            yield f"{item.attrib['title']}/{number}", answer, 100, ""
        for condition in item.iter(f"{QTI}responseIf"):
            values = {(value.attrib["baseType"], value.text or "") for value in condition.iter(f"{QTI}baseValue")}
            about = {variable.attrib["identifier"] for variable in condition.iter(f"{QTI}variable")}
            named = next(feedbacks[value] for kind, value in values if kind == "identifier")
            for kind, value in values if blank in about else ():
                if kind == "string":
                    yield f"{item.attrib['title']}/{number}", value, -1, named


READERS: dict[str, Any] = {"moodle": moodle_answers, "gift": gift_answers, "qti": qti_answers}


def fields(sheet: QuestionSheet, form: str) -> dict[str, tuple[str, str | None]]:
    """The part, and for a cell of a matrix its right number, by the name of its field in a format."""
    found: dict[str, tuple[str, str | None]] = {}
    counted: dict[str, int] = {}
    for part in sheet.parts:
        question = part.name.partition(".")[0]
        rows = rows_of(part.value.value) if isinstance(part.value, Output) and form != "gift" else []
        cells = [f"{cell:.2f}" for row in rows for cell in row] or [None]
        for cell in cells:
            place = counted[question] = counted.get(question, -1) + 1
            found[part.name if form == "gift" else f"{question}/{place}"] = (part.name, cell)
    return found


def right(sheet: QuestionSheet, name: str, answer: str) -> bool:
    """Whether `check` takes an answer for right, without the search for the mistake in a wrong one."""
    (part,) = (part for part in sheet.parts if part.name == name)
    if part.question is None:
        assert part.value is not None
        return part.value.judge(answer).status in ("right", "right with a note")
    return compare(part.question.about, part.question.asked, answer)[0] is None


def read_back(sheet: QuestionSheet, form: str) -> int:
    """Read a sheet in a format, and check every answer in it; the number of wrong answers in it."""
    known, wrong = fields(sheet, form), 0
    seen = set()
    for field, answer, percent, feedback in READERS[form](write_exercises(sheet, form)):
        part, cell = known[field]
        seen.add(field)
        if cell is not None:
            assert (abs(float(answer) - float(cell)) < 0.01, percent, feedback) == (True, 100, "")
        elif percent == 100:
            assert right(sheet, part, answer), (part, answer)
        else:
            wrong += 1
            assert not right(sheet, part, answer), (part, answer)
            assert feedback
    assert seen == set(known)
    return wrong


@pytest.mark.parametrize("form", READERS)
def test_all_kinds_of_questions(form: str) -> None:
    """Several wrong answers of each figure are known."""
    assert read_back(sheet_of(KINDS), form) > 30


def test_partial_credit_and_feedback_in_moodle() -> None:
    found = list(moodle_answers(str(write_exercises(sheet_of(KINDS), "moodle"))))
    assert ("shapes/1", "3860", 100.0, "") in found
    (forgotten,) = [one for one in found if one[:2] == ("shapes/1", "3840")]
    assert forgotten[2] == 50
    assert "one bias" in forgotten[3]
    (unshared,) = [one for one in found if one[:2] == ("shapes/1", "756560")]
    assert (unshared[2], "weight sharing" in unshared[3]) == (0, True)
    assert [share(sheet_of(KINDS), "shapes.weights", answer) for answer in ("3860", "3840", "756560")] == [100, 50, 0]


def test_weights_in_moodle_are_the_points() -> None:
    """2, 1.5 and 1 points are weights of 4, 3 and 2, since weights are whole."""
    text = str(write_exercises(sheet_of(KINDS), "moodle"))
    assert re.findall(r"\{(\d):(?:NUM|SHORT)", text)[:5] == ["4", "3", "2", "2", "2"]


def test_the_package_does_not_depend_on_the_time() -> None:
    sheet = sheet_of(KINDS)
    assert write_exercises(sheet, "qti") == write_exercises(sheet, "qti")


def run_notebook(text: str, replace: dict[str, str]) -> list[str]:
    """The messages of the tests that fail, with some answers replaced."""
    names: dict[str, Any] = {}
    messages, ids = [], set()
    for cell in json.loads(text)["cells"]:
        role = cell["metadata"]["nbgrader"]
        assert role["grade_id"] == cell["id"]
        assert cell["id"] not in ids
        ids.add(cell["id"])
        if cell["cell_type"] != "code":
            continue
        assert role["solution"] is not role["grade"]
        try:
            exec(cell["source"], names)
        except AssertionError as error:
            messages.append(str(error))
        names.update({name: eval(value) for name, value in replace.items() if role["solution"] and name in names})
    return messages


@pytest.mark.parametrize(
    ("answers", "messages"),
    [
        ({}, []),
        ({"shapes_a": "[14, 14, 20]"}, []),
        ({"shapes_weights": "3861"}, ["wrong"]),
        ({"shapes_weights": "..."}, ["no answer"]),
        ({"shapes_weights": "756560"}, ["counted without weight sharing"]),
        ({"shapes_a": "(13, 13, 20)"}, ["padding forgotten"]),
        ({"same": "1", "fit": "'4x4x8'"}, ["wrong", "wrong"]),
        ({"pool": "[[6, 6], [7, 7]]"}, ["wrong"]),
        ({"row": "(7, 3)"}, []),
        ({"row": "[7, 4]"}, ["wrong"]),
    ],
)
def test_the_notebook_grades_its_answers(answers: dict[str, str], messages: list[str]) -> None:
    found = run_notebook(str(write_exercises(sheet_of(KINDS), "nbgrader")), answers)
    assert [message.partition(":")[0] for message in found] == messages


def test_the_notebook_is_valid() -> None:
    nbformat = pytest.importorskip("nbformat")
    text = str(write_exercises(sheet_of(KINDS), "nbgrader"))
    nbformat.validate(nbformat.reads(text, as_version=4))
    points = [cell["metadata"]["nbgrader"].get("points", 0) for cell in json.loads(text)["cells"]]
    assert sum(points) == 10.5


class Balance(HTMLParser):
    """A reader that fails where an end tag does not match."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data if self.open and self.open[-1] != "style" else ""


def test_the_page_is_balanced_and_shows_the_answers_only_in_the_key() -> None:
    for key in (False, True):
        page = Balance()
        page.feed(str(write_exercises(sheet_of(KINDS), "html", key=key)))
        assert page.open == []
        assert ("14x14x20" in page.text, "3,860" in page.text, "does not fit" in page.text) == (key, key, key)
        assert "Weights & {braces}, #1 ~ 5 = x, 50% <b>" in page.text


def test_latex_prints_the_solutions_by_an_option_of_the_class() -> None:
    plain, key = (str(write_exercises(sheet_of(KINDS), "latex", key=key)) for key in (False, True))
    assert [text.splitlines()[0] for text in (plain, key)] == [
        r"\documentclass[11pt,addpoints]{exam}", r"\documentclass[11pt,addpoints,answers]{exam}",
    ]  # fmt: skip
    assert plain.count(r"\begin{solution}") == plain.count(r"\end{solution}") == 9
    assert r"Weights \& \{braces\}, \#1 \textasciitilde{} 5 = x, 50\% $<$b$>$" in plain


def has_exam_class() -> bool:
    found = shutil.which("kpsewhich") and subprocess.run(["kpsewhich", "exam.cls"], capture_output=True, check=False)
    return bool(found) and found.returncode == 0  # type: ignore[union-attr]


@pytest.mark.sweep
@pytest.mark.skipif(not has_exam_class(), reason="the LaTeX class exam is not installed")
@pytest.mark.parametrize("key", [False, True])
def test_latex_compiles_without_running_off_the_page(tmp_path: Path, key: bool) -> None:
    sheet = sheet_of(as_sheet(make_quiz(list(TOPICS), len(TOPICS), 3, 1)))
    (tmp_path / "exam.tex").write_text(str(write_exercises(sheet, "latex", key=key)), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "exam.tex"]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, errors="replace")
    assert found.returncode == 0, found.stdout[-2000:]
    assert "Overfull" not in found.stdout


@pytest.mark.sweep
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_in_every_format(topic: str, level: int) -> None:
    """The key passes its own check, the notebook runs, and every format reads back."""
    sheet = sheet_of(as_sheet(make_quiz([topic], 4, level, seed=level)))
    answers = {part.name: right_value(part) for part in sheet.parts if not right_value(part).startswith("any")}
    marks = Marker(sheet).mark("", answers).marks
    assert {mark.status for mark in marks} <= {"right", "right with a note", "no answer"}
    for form in READERS:
        read_back(sheet, form)
    assert run_notebook(str(write_exercises(sheet, "nbgrader")), {}) == []
    for form in ("markdown", "html", "latex"):
        student = str(write_exercises(sheet, form))
        assert " -> " not in student
        assert "-$>$" not in student
        assert len(str(write_exercises(sheet, form, key=True))) > 0


def test_all_formats_are_read_back() -> None:
    assert set(FORMATS) == {*READERS, "nbgrader", "markdown", "html", "latex"}


@pytest.mark.parametrize("form", ["markdown", "html", "latex", "moodle", "gift"])
def test_a_question_of_the_sheet_keeps_its_mark(form: str) -> None:
    """A text that ends in a question mark gets no colon and no second mark; another one does."""
    sheet = sheet_of(
        "questions:\n  - {name: q, spec: 8x8x3 -> conv 4 3x3, parts: ["
        "{ask: conv_1.params, text: 'How many are learned?'}, {ask: conv_1.macs, text: Work}]}\n"
    )
    text = unescape(str(write_exercises(sheet, form)))
    assert "learned?" in text
    assert not re.search(r"learned\?[:?]", text)
    assert re.search("Work[:?]", text)
