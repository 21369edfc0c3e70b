"""Pictures of windows: the positions by hand, and what is shown of them."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from cnncalc.analysis.analyze import load
from cnncalc.cli._group import group
from cnncalc.drawing.grids import grid_axis
from cnncalc.drawing.sliding import AxisSteps, grid_steps
from tests.together import for_each

SVG = "{http://www.w3.org/2000/svg}"


def axis_of(spec: str) -> tuple[AxisSteps, bool]:
    graph = load(spec)
    found = grid_steps(graph, graph.nodes[-1])
    return found.axes[-1], found.on_input


@for_each(
    ("spec", "windows", "grid", "unused"),
    [
        ("7x7x1 -> conv 1 3x3 s2 p1", [(-1, 0, 1), (1, 2, 3), (3, 4, 5), (5, 6, 7)], (-1, 8), []),
        ("6x1 -> max_pool 3 s2", [(0, 1, 2), (2, 3, 4)], (0, 6), [5]),
        ("6x1 -> max_pool 3 s2 rounding=ceil", [(0, 1, 2), (2, 3, 4), (4, 5, 6)], (0, 7), []),
        ("5x1 -> conv 1 3 d2", [(0, 2, 4)], (0, 5), [1, 3]),
        ("5x1 -> conv 1 2 s3", [(0, 1), (3, 4)], (0, 5), [2]),
        ("6x1 -> conv 1 3 s2 same", [(0, 1, 2), (2, 3, 4), (4, 5, 6)], (0, 7), []),
        ("6x1 -> conv 1 3 s4 p1", [(-1, 0, 1), (3, 4, 5)], (-1, 7), [2]),
        ("7x1 -> adaptive_avg_pool 3", [(0, 1, 2), (2, 3, 4), (4, 5, 6)], (0, 7), []),
        ("2x1 -> conv_transpose 1 3 s2", [(0, 1, 2), (2, 3, 4)], (0, 5), []),
        ("2x1 -> conv_transpose 1 3 s2 p1", [(-1, 0, 1), (1, 2, 3)], (-1, 4), []),
        ("2x1 -> conv_transpose 1 2 s3", [(0, 1), (3, 4)], (0, 5), [2]),
    ],
)
def test_positions(spec: str, windows: list[tuple[int, ...]], grid: tuple[int, int], unused: list[int]) -> None:
    """Each window, the grid with its padding, and the positions in no window, by hand."""
    found, on_input = axis_of(spec)
    assert list(found.windows) == windows
    assert (found.low, found.high) == grid
    assert found.unused == unused
    assert on_input is ("transpose" not in spec)


@pytest.mark.parametrize(
    ("low", "high", "beginning", "end", "cells"),
    [(0, 20, 5, 15, 20), (0, 224, 14, 217, 22), (-3, 227, 14, 220, 25), (0, 60, 30, 31, 60)],
)
def test_long_axes_are_shortened(low: int, high: int, beginning: int, end: int, cells: int) -> None:
    """The cells before the gap and after it, and one for the gap: 14 + 1 + 7 of 224."""
    assert grid_axis(low, high, beginning, end).cells == cells


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["draw", *arguments, "--style", "window"], catch_exceptions=False)


def texts(done: Result) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(done.stdout).iter(f"{SVG}text")]


def test_the_working_is_part_of_the_picture() -> None:
    """The derivation of `explain`, the sizes of both grids, the step, and what is not used."""
    found = texts(run("8x8x1 -> max_pool 3 s2"))
    assert found[:2] == ["max_pool_1", "max_pool kernel 3, stride 2"]
    assert any(text.startswith("height and width: O = ⌊(W − F + 2·P)/S⌋ + 1 = ") for text in found)
    assert {"input 8×8×1", "output 3×3×1", "step 2"} <= set(found)
    assert found[-1] == "The last row and column are never used: the last window ends at 7 of 8."


def test_numbers_of_the_data_are_in_the_cells() -> None:
    """Sums of a diagonal kernel: 1 + 1, 2 + 3, 0 + 1, 1 + 1."""
    spec = "3x3x1 -> conv 1 2x2 bias=false"
    found = texts(run(spec, "--data", "[[1,2,0],[0,1,3],[2,1,1]]", "--weights", "[[1,0],[0,1]]"))
    numbers = [text for text in found if text.isdecimal()]
    assert numbers == ["1", "2", "0", "0", "1", "3", "2", "1", "1", "2", "5", "1", "2"]


def test_an_animation_visits_every_position() -> None:
    """Four by four windows; in each grid one group moves; there is no script."""
    done = run("7x7x1 -> conv 1 3x3 s2 p1", "--animate")
    moves = list(ElementTree.fromstring(done.stdout).iter(f"{SVG}animateTransform"))
    assert [len(move.get("values", "").split(";")) for move in moves] == [16, 16]
    assert "<script" not in done.stdout


@for_each(
    ("arguments", "message"),
    [
        (("lenet5",), "give the LAYER whose window to draw: c1, s2, c3"),
        (("lenet5", "c9"), 'there is no layer "c9"'),
        (("lenet5", "flatten_1"), "flatten_1 is a flatten layer, which has no window"),
        (("lenet5", "c1", "--data", "[[1]]"), "the data must be 32x32x1, the input of c1; got 1x1"),
        (("lenet5", "c1", "--format", "dot"), "for --style window use svg, png or tikz"),
        (("lenet5", "c1", "--columns", "params"), "--columns is for --style graph"),
        (("10000x1 -> conv 1 3",), "more than 4096 positions"),
    ],
)
def test_what_is_refused(arguments: tuple[str, ...], message: str) -> None:
    """Exit code 2, and nothing on standard output."""
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr


def test_a_layer_needs_the_window_style(tmp_path: Path) -> None:
    """A graph shows all layers, so that a layer's name is a mistake there."""
    done = CliRunner().invoke(group, ["draw", "lenet5", "c1", "-o", str(tmp_path / "a.svg")])
    assert done.exit_code == 2
    assert 'for "c1" alone give --style window or field' in done.stderr
    assert list(tmp_path.iterdir()) == []
