"""The documents are true: every example in them is run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from cnncalc.analysis.analyze import analyze
from cnncalc.cli._group import group

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "docs" / "language.md"]


def blocks(language: str) -> list[tuple[str, str]]:
    """The fenced blocks of a language, each with the document and line where it stands."""
    found = []
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        for block in re.finditer(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
            line = text.count("\n", 0, block.start()) + 1
            found.append((f"{document.name}:{line}", block[1]))
    return found


def screens() -> list[tuple[str, str, str]]:
    """Every `$ command` of the console blocks with the screen that follows it."""
    found = []
    for place, block in blocks("console"):
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
    assert result.output.rstrip("\n") == screen


@pytest.mark.parametrize(("place", "spec"), blocks("yaml"), ids=[place for place, _ in blocks("yaml")])
def test_specs(place: str, spec: str, tmp_path: Path) -> None:
    """Each spec in a document can be analyzed, and holds what it expects."""
    file = tmp_path / "spec.yaml"
    file.write_text(spec, encoding="utf-8")
    assert analyze(file).findings == ()


@pytest.mark.parametrize(("place", "code"), blocks("python"), ids=[place for place, _ in blocks("python")])
def test_python(place: str, code: str) -> None:
    """Each piece of Python runs."""
    exec(compile(code, place, "exec"), {})


def test_the_two_commands_of_the_readme() -> None:
    """Exactly two set-up commands, each one line; continuous integration runs them as they stand."""
    commands = [line for place, block in blocks("sh") if place.startswith("README") for line in block.splitlines()]
    assert len(commands) == 2
    assert all(command.startswith("python3 -m venv .venv && .venv/bin/pip install ") for command in commands)
