"""`quiz` as it is typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from click.testing import Result

Run = Callable[..., Result]


def test_a_sheet_that_check_marks(run: Run, tmp_path: Path) -> None:
    """Written by quiz, answered, marked by check; a missing answer is no mistake of reading."""
    path = tmp_path / "sheet.yaml"
    assert run("quiz", "--topic", "pool,dense", "--count", "2", "--seed", "7", "-o", str(path)).exit_code == 0
    found = run("check", str(path))
    assert found.exit_code == 1
    assert "no answer" in found.stdout
    assert "0 of 2 points" in found.stdout


def test_the_page_for_students(run: Run) -> None:
    found = run("quiz", "--topic", "batch_norm", "--count", "2", "--seed", "3")
    assert found.exit_code == 0
    assert found.stdout.startswith("# Exercises, level 1 (seed 3)\n\n1. How many parameters does a batch normalization")
    assert "________" in found.stdout


def test_the_key(run: Run) -> None:
    assert "`Parameters = " in run("quiz", "--topic", "params", "--count", "1", "--format", "key").stdout


def test_interactive(run: Run) -> None:
    """A wrong answer is told at once, with its mistake."""
    options = ("quiz", "--topic", "dense", "--count", "1", "--seed", "2")
    sheet = run(*options, "--format", "key").stdout
    right = int(sheet.split("**")[1].replace(",", ""))
    units = int(sheet.split(" units")[0].rsplit(" ", 1)[1])
    found = run(*options, "--interactive", input=f"{right - units}\n")
    assert found.exit_code == 1
    assert "wrong: dense without bias" in found.stdout
    assert found.stdout.endswith("0 of 1 points\n")
    assert run(*options, "--interactive", input=f"{right}\n").exit_code == 0


def test_topics(run: Run) -> None:
    lines = run("quiz", "--list-topics").stdout.splitlines()
    assert lines[0] == "conv             The output of a convolution."
    assert run("quiz", "--topic", "konv").exit_code == 2
