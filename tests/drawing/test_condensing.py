"""Charts of a few boxes of interest, and of what changed between two models."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from cnncalc.cli._group import group
from cnncalc.drawing.condensing import condensed
from tests.drawing.shown import diagram_of, outline

CHAIN = "8x8x1 -> " + " -> ".join(f"conv {n} 3x3 p1" for n in range(1, 8))


@pytest.mark.parametrize(
    ("wanted", "drawn"),
    [
        (set(), ["input", "others"]),
        ({"conv_4"}, ["input", "others", "conv_3", "conv_4", "conv_5", "others"]),
        ({"conv_1"}, ["input", "conv_1", "conv_2", "others"]),
        ({"conv_2", "conv_6"}, ["input", "conv_1", "conv_2", "conv_3", "conv_4", "conv_5", "conv_6", "conv_7"]),
    ],
)
def test_only_neighbours_of_the_wanted_stay(wanted: set[str], drawn: list[str]) -> None:
    """A single box between two neighbours keeps its title; no edge leads from a box to itself."""
    whole = diagram_of(CHAIN)
    found = condensed(whole, [box for box in whole.root.boxes() if box.title in wanted], "others")
    assert outline(found.root) == drawn
    assert len(found.edges) == len(drawn) - 1
    assert sum(len(box.layers) for box in found.root.boxes()) == 7


def test_a_block_without_a_wanted_box_is_one_box() -> None:
    """The stages of ResNet-18 before and after the one that is of interest."""
    whole = diagram_of("resnet18")
    found = condensed(whole, [box for box in whole.root.boxes() if box.key == "stage3.0.conv_2"], "others")
    assert outline(found.root) == [
        "input", "others", ("stage3", [("0", ["conv_1", "conv_2", "conv_3", "add_1"]), "1"]), "others",
    ]  # fmt: skip


def run(*arguments: str) -> str:
    done = CliRunner().invoke(group, ["diff", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.stderr
    return done.stdout


def test_the_chart_of_a_difference_marks_what_changed() -> None:
    """An added, a removed and a changed layer have their signs and colours; far layers are folded."""
    old = (
        "8x8x1 -> conv 2 3x3 name=a -> conv 2 3x3 p1 name=b -> conv 2 1x1 name=c -> max_pool 2 name=p -> flatten name=f"
    )
    new = "8x8x1 -> conv 2 3x3 name=a -> conv 2 5x5 p2 name=b -> max_pool 2 name=p -> flatten name=f -> dense 3 name=d"
    chart = run(old, new, "--format", "markdown", "--draw").partition("```mermaid\n")[2].partition("```")[0]
    assert [line.partition("<b>")[2].partition("</b>")[0] for line in chart.splitlines() if "<b>" in line] == [
        "input", "a", "~ b", "− c", "p", "f", "+ d",
    ]  # fmt: skip
    for line in ("class n2 changed", "class n3 removed", "class n6 added", "class n0,n1,n4,n5 input"):
        assert f"  {line}\n" in chart


def test_equal_models_have_no_chart() -> None:
    """And the chart is for Markdown alone."""
    assert "```" not in run("lenet5", "lenet5", "--format", "markdown", "--draw")
    done = CliRunner().invoke(group, ["diff", "lenet5", "alexnet", "--draw"])
    assert (done.exit_code, "--draw is for --format markdown" in done.stderr) == (2, True)
