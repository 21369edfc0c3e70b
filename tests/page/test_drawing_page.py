"""`cnncalc draw -o net.html`: the drawing alone, which moves, zooms and folds."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cnncalc.cli._group import group
from tests.page.test_model_page import Outline, data_of


def drawn(path: Path, *arguments: str) -> str:
    done = CliRunner().invoke(group, ["draw", *arguments, "-o", str(path)], catch_exceptions=False)
    assert done.exit_code == 0, done.stderr
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("depth", "opened"), [((), 2), (("--depth", "0"), 0), (("--depth", "1"), 1)])
def test_a_graph_folds(depth: tuple[str, ...], opened: int, tmp_path: Path) -> None:
    """All blocks are in the page; at first, those below --depth are folded."""
    text = drawn(tmp_path / "net.html", "resnet18", *depth)
    Outline(text)
    data = data_of(text)
    assert data["drawing"]["open"] == opened
    assert len(data["names"]) == 60
    assert text.count('class="frame foldable"') == len(data["drawing"]["frames"])


def test_figures_are_in_the_boxes(tmp_path: Path) -> None:
    """--columns works as for SVG."""
    assert "28×28×6 · 156 params" in drawn(tmp_path / "net.html", "lenet5", "--columns", "params")


@pytest.mark.parametrize(
    "arguments",
    [
        ("lenet5", "--style", "volumes"),
        ("lenet5", "c3", "--style", "field"),
        ("lenet5", "--direction", "right"),
        ("7x7x1 -> conv 1 3x3 s2 p1", "--style", "window", "--animate"),
    ],
)
def test_other_styles_do_not_fold(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """They move and zoom; there are no buttons that fold."""
    text = drawn(tmp_path / "net.html", *arguments)
    Outline(text)
    assert '<button type="button" id="zoom-in"' in text
    assert 'id="unfold"' not in text
    assert data_of(text) == {}
