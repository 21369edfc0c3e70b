"""Drawings in Python: the forms, where they are saved, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import cnncalc
from cnncalc.cli._group import group
from tests.together import for_each


@for_each(
    ("arguments", "options", "words"),
    [
        (("lenet5",), {}, ()),
        (
            ("lenet5",),
            {"direction": "right", "columns": ("macs",), "depth": 0},
            ("--direction", "right", "--columns", "macs", "--depth", "0"),
        ),
        (("lenet5",), {"style": "volumes", "scale": "linear"}, ("--style", "volumes", "--scale", "linear")),
        (("lenet5", "c3"), {"style": "field"}, ("--style", "field")),
        (("7x7x1 -> conv 1 3x3",), {"style": "window", "animate": True}, ("--style", "window", "--animate")),
        (
            ("3x3x1 -> conv 1 2x2",),
            {"style": "window", "data": [[1, 2, 0], [0, 1, 3], [2, 1, 1]], "weights": np.array([[1, 0], [0, 1]])},
            ("--style", "window", "--data", "[[1,2,0],[0,1,3],[2,1,1]]", "--weights", "[[1,0],[0,1]]"),
        ),
    ],
)
def test_a_drawing_is_that_of_the_command(
    arguments: tuple[str, ...], options: dict[str, Any], words: tuple[str, ...]
) -> None:
    """The same file, byte for byte, and the SVG is what a notebook shows."""
    drawing = cnncalc.draw(*arguments, **options)
    done = CliRunner().invoke(group, ["draw", *arguments, *words], catch_exceptions=False)
    assert drawing.svg.rstrip("\n") == done.stdout.rstrip("\n")
    assert drawing._repr_svg_() == drawing.svg


@pytest.mark.parametrize(
    ("ending", "start"), [("svg", "<svg "), ("DOT", "digraph "), ("mmd", "flowchart TB"), ("tex", "% lenet5")]
)
def test_the_ending_decides_the_form(ending: str, start: str, tmp_path: Path) -> None:
    """A file that exists is replaced."""
    path = tmp_path / f"net.{ending}"
    path.write_text("old", encoding="utf-8")
    cnncalc.draw("lenet5").save(path)
    assert path.read_text(encoding="utf-8").startswith(start)


@for_each(
    ("layer", "options", "message"),
    [
        (None, {"style": "volume"}, 'style: unknown word "volume". Allowed: graph, volumes, field, window. did you'),
        (None, {"columns": ["parms"]}, 'column: unknown word "parms"'),
        (None, {"direction": "up"}, 'direction: unknown word "up"'),
        (None, {"style": "window"}, "give the layer to draw: c1, s2, c3"),
        ("c1", {}, "for c1 alone use"),
        ("c1", {"style": "field", "data": [[1]]}, 'data: for style "window"'),
        ("c1", {"style": "window", "weights": [[1]]}, "weights need data"),
        ("c1", {"style": "window", "data": [[1]]}, "the data must be 32x32x1, the input of c1; got 1x1"),
        ("c1", {"style": "window", "data": [["x"]]}, '"x" is not a number'),
        ("c1", {"style": "window", "data": [[1, 2], [3]]}, "the rows have different lengths"),
        ("flatten_1", {"style": "window"}, "flatten_1 is a flatten layer, which has no window"),
    ],
)
def test_what_cannot_be_drawn(layer: str | None, options: dict[str, Any], message: str) -> None:
    """A ValueError with the allowed words."""
    with pytest.raises(ValueError, match=re.escape(message)):
        cnncalc.draw("lenet5", layer, **options)


def test_volumes_have_no_diagram(tmp_path: Path) -> None:
    """Mermaid and DOT are of graphs; an unknown ending lists those that are known; no file is left."""
    drawing = cnncalc.draw("lenet5", style="volumes")
    for name, message in (
        ("a.dot", 'form: unknown word "dot". Allowed: svg, tikz'),
        ("a.pdf", 'cannot draw as ".pdf"'),
    ):
        with pytest.raises(ValueError, match=message):
            drawing.save(tmp_path / name)
    with pytest.raises(KeyError, match="c9"):
        cnncalc.draw("lenet5", "c9", style="field")
    assert list(tmp_path.iterdir()) == []
