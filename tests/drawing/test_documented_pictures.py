"""The pictures of docs/drawing.md: each is what its command draws, byte for byte."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from cnncalc.cli._group import group

DOCS = Path(__file__).parents[2] / "docs"
COMMANDS = re.findall(r"^cnncalc (draw .*)$", (DOCS / "drawing.md").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_picture_is_what_its_command_draws(command: str, tmp_path: Path) -> None:
    """Delete a picture to have it drawn anew, and look at it."""
    *words, option, output = shlex.split(command)
    assert option == "-o"
    picture = DOCS.parent / output
    drawn = tmp_path / picture.name
    done = CliRunner().invoke(group, [*words, "-o", str(drawn)], catch_exceptions=False)
    assert done.exit_code == 0, done.stderr
    if not picture.exists():
        picture.parent.mkdir(exist_ok=True)
        picture.write_bytes(drawn.read_bytes())
        pytest.fail(f"drew {picture}; look at it")
    assert drawn.read_bytes() == picture.read_bytes()


def test_every_picture_is_shown() -> None:
    """No picture without a place in the document."""
    shown = set(re.findall(r"\(pictures/([\w.]+)\)", (DOCS / "drawing.md").read_text(encoding="utf-8")))
    assert shown == {path.name for path in (DOCS / "pictures").iterdir()}
    assert len(COMMANDS) == len(shown) == 8
