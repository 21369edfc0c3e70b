"""The documents are true: every example in them is run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cnncalc.analysis.analyze import analyze
from cnncalc.arithmetic.convention import CONVENTIONS
from cnncalc.cli._group import group
from cnncalc.graph.document import DTYPES, KEYS
from cnncalc.graph.items import COMMON_KEYS
from cnncalc.graph.read_claims import COUNTS, SHAPES, SHORT
from cnncalc.reading.limits import Limits
from cnncalc.reading.operations import FUNCTIONS

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "docs" / "language.md",
    ROOT / "docs" / "lint.md",
    ROOT / "docs" / "diff.md",
    ROOT / "docs" / "receptive-field.md",
    ROOT / "docs" / "importing.md",
    ROOT / "docs" / "code.md",
    ROOT / "docs" / "cost.md",
    ROOT / "docs" / "tools.md",
    ROOT / "docs" / "bounds.md",
]


def blocks(language: str, *more: Path) -> list[tuple[str, str]]:
    """The fenced blocks of a language in the documents and `more`, each with its document and line."""
    found = []
    for document in (*DOCUMENTS, *more):
        text = document.read_text(encoding="utf-8")
        for block in re.finditer(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
            line = text.count("\n", 0, block.start()) + 1
            found.append((f"{document.name}:{line}", block[1]))
    return found


def screens() -> list[tuple[str, str, str]]:
    """Every `$ command` of the console blocks with the screen that follows it."""
    found = []
    for place, block in blocks("console", ROOT / "docs" / "homework.md"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, screen = part.partition("\n")
            found.append((place, command, screen.rstrip("\n")))
    return found


@pytest.mark.parametrize(
    ("place", "command", "screen"), screens(), ids=[f"{place} {cmd}" for place, cmd, _ in screens()]
)
def test_screens(place: str, command: str, screen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command prints what the document shows."""
    monkeypatch.chdir(ROOT)
    program, *arguments = shlex.split(command)
    assert program == "cnncalc"
    result = CliRunner().invoke(group, arguments, prog_name="cnncalc")
    printed = result.output.rstrip("\n")
    assert printed == screen or re.fullmatch(elided(screen), printed)


def elided(screen: str) -> str:
    """A pattern for a screen: `…` stands for what may differ within a line, a line of `...` for lines left out."""
    return re.escape(screen).replace("…", ".*").replace(re.escape("\n...\n"), r"\n(?:.*\n)*")


@pytest.mark.parametrize(("place", "spec"), blocks("yaml"), ids=[place for place, _ in blocks("yaml")])
def test_specs(place: str, spec: str, tmp_path: Path) -> None:
    """Each spec in a document can be analyzed, and holds what it expects."""
    file = tmp_path / "spec.yaml"
    file.write_text(spec, encoding="utf-8")
    assert analyze(file).findings == ()


PYTHON = blocks("python", ROOT / "docs" / "drawing.md")


@pytest.mark.parametrize(("place", "code"), PYTHON, ids=[place for place, _ in PYTHON])
def test_python(place: str, code: str) -> None:
    """Each piece of Python runs."""
    exec(compile(code, place, "exec"), {})


def test_the_readme_lists_every_command() -> None:
    """Its table has a row for each command and no other."""
    rows = re.findall(r"^\| `cnncalc ([a-z-]+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(rows) == group.list_commands(click.Context(group))


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_completion_is_set_up_as_the_readme_says(shell: str) -> None:
    """The variable that README.md names makes the program print the shell's script."""
    variable = f"{shell}_source"
    assert variable in (ROOT / "README.md").read_text(encoding="utf-8")
    done = CliRunner().invoke(group, env={"_CNNCALC_COMPLETE": variable}, prog_name="cnncalc")
    assert "_CNNCALC_COMPLETE" in done.output


def test_the_language_reference_is_complete() -> None:
    """Each key, figure, function, convention, type of number and limit is mentioned."""
    text = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    words = {*KEYS, *COMMON_KEYS, *SHAPES, *SHORT, *COUNTS, *FUNCTIONS, *CONVENTIONS, *DTYPES} - {"lint"}
    options = {Limits().exceeded(name, 0).hint.split()[3] for name in Limits._fields if name != "share"}
    assert [word for word in sorted(words | options) if not re.search(rf"(?<![\w-]){word}(?!\w)", text)] == []


def test_the_guide_repeats_the_readmes_command() -> None:
    """CONTRIBUTING.md runs the tests as the README does."""
    guide, readme = ((ROOT / name).read_text(encoding="utf-8") for name in ("CONTRIBUTING.md", "README.md"))
    command = re.findall(r"^python3 -m venv .*pytest.*$", guide, re.MULTILINE)
    assert len(command) == 1
    assert command[0] in readme


def test_the_two_commands_of_the_readme() -> None:
    """Exactly two set-up commands, each one line; continuous integration runs them as they stand."""
    commands = [line for place, block in blocks("sh") if place.startswith("README") for line in block.splitlines()]
    assert len(commands) == 2
    assert all(command.startswith("python3 -m venv .venv && .venv/bin/pip install ") for command in commands)
