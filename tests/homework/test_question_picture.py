"""Pictures beside questions: which questions have one, what it shows, and that it never shows the answer."""

from __future__ import annotations

import base64
import json
import re
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result

from cnncalc.cli._group import group
from cnncalc.diagnostics import Source
from cnncalc.homework.exercises.quiz import as_sheet, make_quiz
from cnncalc.homework.exercises.topics import TOPICS
from cnncalc.homework.sheet import QuestionPart, read_sheet
from cnncalc.render.homework.picture import question_picture, question_svg
from tests.drawing.overlaps import marks, outside, overlaps


def questions(text: str) -> list[list[QuestionPart]]:
    """The parts of each question of a sheet."""
    sheet = read_sheet(Source("sheet.yaml", text))
    return [list(parts) for _, parts in groupby(sheet.parts, key=lambda part: part.group)]


def texts(svg: str | None) -> list[str]:
    """The texts that are drawn, and those for screen readers."""
    found = ElementTree.fromstring(svg or "").itertext()
    return [text.strip() for text in found if text.strip() and not text.startswith("text{")]


def question(spec: str, ask: str = "output") -> list[QuestionPart]:
    (found,) = questions(f'questions:\n  - {{name: a, spec: "{spec}", ask: {ask}}}\n')
    return found


@pytest.mark.parametrize(
    ("spec", "shown"),
    [
        ("13x17x3 -> conv 4 3x5 s2 p1", ["input 13×17", "step 2"]),
        ("20x3 -> conv 4 5 s3", ["input 20", "step 3"]),
        ("7x11x8 -> conv_transpose 4 4x4 s2 p1", ["input 7×11", "output, beginning", "step 2"]),
        (
            "13x13x3 -> conv 4 5x5 -> max_pool 2 -> dense 10",
            [
                "input",
                "13×13×3",
                "conv_1",
                "conv 5×5, 4",
                "max_pool_1",
                "max_pool 2×2",
                "dense_1",
                "dense 10",
                "output",
            ],
        ),
    ],
)
def test_a_picture_shows_what_is_given(spec: str, shown: list[str]) -> None:
    """The input, the step and the layers; no output size and no count."""
    title, _, *found = texts(question_svg(question(spec)))
    assert title in ("window", "network")
    assert list(dict.fromkeys(found)) == shown


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ("13x13x3 -> conv 4 3x3 s2 same", "the padding follows from the output"),
        ("64 -> dense 10", "a dense layer has no window"),
        ("5x7x3 -> batch_norm", "a batch norm has no window"),
    ],
)
def test_some_questions_have_no_picture(spec: str, reason: str) -> None:
    """A picture would show the answer, or nothing."""
    assert question_svg(question(spec)) is None, reason


def test_a_question_for_a_variable_has_no_picture() -> None:
    """Its padding is the answer."""
    (parts,) = questions(
        "questions:\n  - {name: a, spec: '9x9x3 -> conv 8 5x5 padding=${p}', find: p, such_that: {output: 9x9x8}}\n"
    )
    assert question_picture(parts) is None


def test_a_question_on_an_array_shows_its_numbers() -> None:
    """Max pooling of 2×2 on [[1, 0], [4, 6]] gives 6: the four numbers are there once."""
    (parts,) = questions("questions:\n  - {name: a, apply: max_pool 2, data: [[1, 0], [4, 6]]}\n")
    assert texts(question_svg(parts))[2:] == ["input 2×2", "1", "0", "4", "6"]


def numbers(text: str) -> set[str]:
    """The numbers in a text without their separators, and without those in the names of layers."""
    return set(re.findall(r"(?<!_)\d+", text.replace(",", "")))


@pytest.mark.parametrize(
    ("count", "level", "seed"),
    [(len(TOPICS), 2, 5), *(pytest.param(100, level, 7, marks=pytest.mark.sweep) for level in (1, 2, 3))],
)
def test_pictures_do_not_contain_answers(count: int, level: int, seed: int) -> None:
    """No number of a requested shape or count is drawn, except those that the spec itself states."""
    pictures = 0
    quiz = make_quiz(list(TOPICS), count, level, seed)
    for (_, exercise), parts in zip(quiz.exercises, questions(as_sheet(quiz)), strict=True):
        svg = question_svg(parts)
        if svg is None:
            continue
        pictures += 1
        assert svg == question_svg(parts)
        picture = question_picture(parts)
        assert picture is not None
        names, outlines = marks(picture)
        assert outside([*names, *outlines], picture.width, picture.height) == []
        assert overlaps(names, ()) == []
        drawn = numbers(" ".join(texts(svg)))
        for part in parts:
            if part.question is not None:
                value = part.question.asked.value
                wanted = numbers(" ".join(map(str, value if isinstance(value, tuple) else (value,))))
                assert not (drawn & wanted) - numbers(exercise.spec), part.name
    assert pictures >= count // 2


SHEET = """questions:
  - {name: a, spec: "13x13x3 -> conv 4 5x5", ask: output}
  - {name: b, spec: "64 -> dense 10", ask: params}
"""


def converted(folder: Path, *arguments: str) -> Result:
    """The sheet as `cnncalc quiz` converts it."""
    path = folder / "sheet.yaml"
    path.write_text(SHEET, encoding="utf-8")
    return CliRunner().invoke(group, ["quiz", str(path), *arguments], catch_exceptions=False)


@pytest.mark.parametrize("form", [("markdown",), ("html",), ("html", "--key"), ("key",)])
def test_a_sheet_has_pictures_if_asked(form: tuple[str, ...], tmp_path: Path) -> None:
    """The first question has one, in the text itself, and the second one has none to show."""
    done = converted(tmp_path, "--draw", "--format", *form)
    (found,) = re.findall(r"data:image/svg\+xml;base64,([\w+/=]+)", done.stdout)
    assert texts(base64.b64decode(found).decode())[2:] == ["input 13×13", "step 1"]
    assert "data:image" not in converted(tmp_path, "--format", *form).stdout


def test_moodle_gets_the_picture_as_a_file_of_the_question(tmp_path: Path) -> None:
    """`<file encoding="base64">` beside the text, which names it: docs.moodle.org, "Moodle XML format"."""
    root = ElementTree.fromstring(converted(tmp_path, "--draw", "--format", "moodle").stdout)
    questions = root.findall("question[@type='cloze']/questiontext")
    assert [len(question.findall("file")) for question in questions] == [1, 0]
    file = questions[0].find("file")
    assert file is not None
    assert f'<img src="@@PLUGINFILE@@/{file.get("name")}"' in (questions[0].findtext("text") or "")
    assert base64.b64decode(file.text or "").startswith(b"<svg ")


def test_qti_gets_the_picture_as_a_file_beside_its_item(tmp_path: Path) -> None:
    """The item shows it, and the manifest lists it; the second question has none."""
    path = tmp_path / "sheet.zip"
    assert converted(tmp_path, "--draw", "-o", str(path)).exit_code == 0
    with ZipFile(path) as package:
        assert [name for name in package.namelist() if name.endswith(".svg")] == ["items/item_a.svg"]
        assert texts(package.read("items/item_a.svg").decode())[2:] == ["input 13×13", "step 1"]
        assert b'<img src="item_a.svg" alt="Picture"' in package.read("items/item_a.xml")
        assert b"<img" not in package.read("items/item_b.xml")
        assert package.read("imsmanifest.xml").count(b'<file href="items/item_a.svg"') == 1


def test_notebooks_get_the_picture_as_an_attachment_of_the_cell(tmp_path: Path) -> None:
    """nbformat 4: attachments by their names, each a bundle of media types."""
    cells = json.loads(converted(tmp_path, "--draw", "--format", "nbgrader").stdout)["cells"]
    first, second = [cell for cell in cells if cell["cell_type"] == "markdown"]
    assert "![Picture](attachment:picture.svg)" in first["source"]
    svg = base64.b64decode(first["attachments"]["picture.svg"]["image/svg+xml"]).decode()
    assert texts(svg)[2:] == ["input 13×13", "step 1"]
    assert "attachments" not in second


def test_latex_gets_the_picture_in_tikz(tmp_path: Path) -> None:
    """At most as wide as the text; without pictures, the document needs no package for them."""
    document = converted(tmp_path, "--draw", "--format", "latex").stdout
    assert document.count(r"\begin{tikzpicture}") == document.count(r"\end{tikzpicture}") == 1
    colours = set(re.findall(r"(?:draw|fill)=(\w+)", document))
    assert colours
    assert colours <= set(re.findall(r"\\definecolor\{(\w+)\}", document))
    assert r"\usepackage{tikz}" in document
    assert "tikz" not in converted(tmp_path, "--format", "latex").stdout


@pytest.mark.parametrize("form", ["gift", "yaml"])
def test_other_formats_refuse_pictures(form: str, tmp_path: Path) -> None:
    """Exit code 2, instead of a file without them."""
    done = converted(tmp_path, "--draw", "--format", form)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--draw applies to markdown, html, latex, moodle, qti, nbgrader" in done.stderr
