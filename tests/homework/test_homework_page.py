"""docs/homework.md is in step with the tool."""

from __future__ import annotations

from pathlib import Path

from cnncalc.diagnostics import Source
from cnncalc.homework.sheet import read_sheet
from cnncalc.render.homework.mistakes import as_markdown

PAGE = (Path(__file__).parents[2] / "docs" / "homework.md").read_text(encoding="utf-8")


def test_the_mistakes_are_in_step() -> None:
    """`cnncalc check --list-mistakes` prints the table."""
    assert PAGE.endswith(as_markdown() + "\n")


def test_the_sheet_is_one() -> None:
    """Its parts are those that the text speaks of."""
    text = PAGE.split("```yaml\n")[1].split("```")[0]
    sheet = read_sheet(Source("homework.yaml", text))
    assert [part.name for part in sheet.parts] == ["shapes.a", "shapes.weights", "shapes.ratio", "same", "pool", "fit"]
