"""`cnncalc quiz`: formats, sheets of others, individual sheets, and the conversation in the terminal."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import Result

Run = Callable[..., Result]
SHEET = """
title: Week 3
questions:
  - {name: weights, spec: 32x32x3 -> conv 20 8x8 s2 p1, ask: params}
"""
"""8·8·3·20 + 20 = 3,860."""


@pytest.fixture
def sheet(tmp_path: Path) -> str:
    (tmp_path / "sheet.yaml").write_text(SHEET, encoding="utf-8")
    return str(tmp_path / "sheet.yaml")


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("a.xml", "<?xml"), ("a.gift", "$CATEGORY"), ("a.ipynb", "{"), ("a.html", "<!DOCTYPE html>"),
        ("a.tex", r"\documentclass"), ("a.md", "# Week 3"), ("a.txt", "# Week 3"), ("a.yaml", "\ntitle: Week 3"),
    ],
)  # fmt: skip
def test_the_suffix_selects_the_format(run: Run, sheet: str, tmp_path: Path, name: str, beginning: str) -> None:
    found = run("quiz", sheet, "-o", str(tmp_path / name))
    assert (found.exit_code, found.stdout) == (0, "")
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(beginning)


def test_a_package_is_written_to_a_file(run: Run, sheet: str, tmp_path: Path) -> None:
    assert run("quiz", sheet, "-o", str(tmp_path / "a.zip")).exit_code == 0
    assert ZipFile(tmp_path / "a.zip").testzip() is None
    found = run("quiz", sheet, "--format", "qti")
    assert (found.exit_code, "give -o FILE.zip" in found.stderr) == (2, True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--count", "3"), "--count cannot be given with a sheet, which contains its questions"),
        (("--format", "gift", "--key"), "--key applies to markdown, html and latex"),
        (("--for", "students.csv"), "--for draws new exercises"),
    ],
)
def test_options_that_do_not_go_together(run: Run, sheet: str, options: tuple[str, ...], message: str) -> None:
    found = run("quiz", sheet, *options)
    assert (found.exit_code, message in found.stderr) == (2, True)


def test_what_is_no_sheet(run: Run, tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text("input: 3\nlayers: [relu]\n", encoding="utf-8")
    found = run("quiz", str(tmp_path / "net.yaml"))
    assert (found.exit_code, "is not a sheet of questions" in found.stderr) == (2, True)


def test_a_class_with_individual_sheets(run: Run, tmp_path: Path) -> None:
    """A file for each student, and one that marks them: Ada's right answers are wrong for Grace."""
    table, folder, answers = tmp_path / "students.csv", tmp_path / "week", tmp_path / "answers.csv"
    table.write_text("First name,Surname,ID number\nAda,L,A007\nGrace,H,A008\n", encoding="utf-8")
    options = ("--topic", "conv,params", "--count", "2", "--format", "yaml", "-o", str(folder))
    assert run("quiz", "--for", str(table), *options).exit_code == 0
    assert sorted(path.name for path in folder.iterdir()) == ["A007.yaml", "A008.yaml", "sheet.yaml"]
    key = run("quiz", str(folder / "A007.yaml"), "--key").stdout
    first, second = re.findall(r"\*\*(.+?)\*\*", key)
    rows = [f'{who},{first},"{second}"' for who in ("A007", "A008")]
    answers.write_text("\n".join(["SID,conv_1,params_2", *rows]), encoding="utf-8")
    found = run("check", str(folder / "sheet.yaml"), "--answers", str(answers), "--format", "csv")
    assert found.stdout.splitlines()[1:] == ["A007,1,1,2,", "A008,0,0,0,"]
    nobody = tmp_path / "nobody.csv"
    nobody.write_text("student,conv_1\nAda,1\n", encoding="utf-8")
    assert '"Ada" has no ID' in run("check", str(folder / "sheet.yaml"), "--answers", str(nobody)).stderr


@pytest.mark.parametrize(
    ("typed", "shown", "hidden", "points"),
    [
        ("3860\n", "✓ weights", "Not yet", "1 of 1"),
        ("help\n3860\n", "   Parameters = (F·F·Cᵢ + 1)·Cₒ\n   Write a number", "193", "1 of 1"),
        ("756560\n3860\n", "   Not yet: counted without weight sharing.\n   This is the count", "193", "0.5 of 1"),
        ("3861\n3860\n", "   Not yet. Have another look.\n   Parameters = (F·F·Cᵢ + 1)·Cₒ\n", "193", "0.5 of 1"),
        ("3861\n3860\n", "    At the second try, this counts half.", "193", "0.5 of 1"),
        ("quit\n", "0 of 1 points", "no answer", "0 of 1"),
        ("3861\nquit\n", "0 of 1 points", "no answer", "0 of 1"),
        ("3860 or 1\n3860\n", '   This cannot be read: "or" is not a unit.', "193", "1 of 1"),
        ("3861\n3862\n", "Right is 3,860", "third", "0 of 1"),
        ("3861\n", "Right is 3,860", "third", "0 of 1"),
        ("\n", "no answer", "Not yet", "0 of 1"),
        ("", "0 of 1 points", "Right is", "0 of 1"),
    ],
)
def test_help_and_a_second_try(run: Run, sheet: str, typed: str, shown: str, hidden: str, points: str) -> None:
    """The hint names the mistake before the answer appears; the working has 193·20, which no hint shows."""
    found = run("quiz", sheet, "--interactive", input=typed)
    assert found.exit_code == (0 if points == "1 of 1" else 1)
    assert shown in found.stdout
    assert hidden not in found.stdout
    assert found.stdout.endswith(f"{points} points\n")


def test_a_key_leaves_the_sheets_of_the_students(run: Run, tmp_path: Path) -> None:
    """`a.md` is what the student gets, `a-key.md` what the teacher keeps."""
    table, folder = tmp_path / "students.csv", tmp_path / "week"
    table.write_text("student,ID number\nAda,a\n", encoding="utf-8")
    options = ("--for", str(table), "--topic", "conv", "--count", "1", "-o", str(folder))
    assert run("quiz", *options).exit_code == 0
    given = (folder / "a.md").read_text(encoding="utf-8")
    assert run("quiz", *options, "--format", "key").exit_code == 0
    assert (folder / "a.md").read_text(encoding="utf-8") == given
    assert sorted(path.name for path in folder.iterdir()) == ["a-key.md", "a.md", "sheet.yaml"]
