"""Bundled names in a folder where something else bears the same name."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]

SPEC = "input: 8x8x3\nlayers: [conv 4 3x3]\n"
COMMANDS = [
    ("summary", "quiz"),
    ("explain", "quiz"),
    ("compare", "quiz"),
    ("verify", "quiz"),
    ("diff", "quiz", "quiz"),
    ("solve", "quiz", "--vary", "input=30..32"),
    ("check", "quiz", "--answer", "total.params=3860"),
    ("lint", "quiz"),
    ("zoo", "quiz"),
]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: arguments[0])
def test_a_folder_changes_nothing(run: Run, here: Path, arguments: tuple[str, ...]) -> None:
    expected = run(*arguments)
    (here / "quiz").mkdir()
    found = run(*arguments)
    assert (found.exit_code, found.stdout, found.stderr) == (expected.exit_code, expected.stdout, expected.stderr)


@pytest.mark.parametrize("arguments", [each for each in COMMANDS if each[0] != "zoo"], ids=lambda each: each[0])
def test_a_file_is_read_and_said(run: Run, here: Path, arguments: tuple[str, ...]) -> None:
    (here / "quiz").write_text(SPEC, encoding="utf-8")
    assert 'note: "quiz" refers to the file in this folder, not to the bundled spec' in run(*arguments).stderr
    assert "112" in run("summary", "quiz").stdout  # (3·3·3 + 1)·4
    assert run("summary", "./quiz").stderr == ""


def test_the_list_takes_nothing_from_the_folder(run: Run, here: Path) -> None:
    """`zoo` lists and prints the bundled specs, whatever files and folders bear their names."""
    expected = run("zoo", "--format", "json").stdout, run("zoo", "quiz").stdout
    (here / "unet").mkdir()
    (here / "lenet5").write_text("no spec", encoding="utf-8")
    (here / "quiz").write_text(SPEC, encoding="utf-8")
    assert (run("zoo", "--format", "json").stdout, run("zoo", "quiz").stdout) == expected


def test_lint_checks_a_folder_that_holds_specs(run: Run, here: Path) -> None:
    """There a folder is what one expects; only an empty one leaves the name to the bundled spec."""
    (here / "quiz").mkdir()
    assert run("lint", "quiz").exit_code == 0
    (here / "quiz" / "net.yaml").write_text("input: 8x8x3\nlayers: [cnov 4]\n", encoding="utf-8")
    assert os.path.join("quiz", "net.yaml") in run("lint", "quiz").stdout
