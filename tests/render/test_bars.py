"""`cnncalc summary --bars`: a bar for each layer."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from cnncalc.cli._group import group
from cnncalc.render.summary.bars import bar


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (1.0, "████████████ 100.0%"),
        (0.5, "██████       50.0%"),
        (1 / 96, "▏            1.0%"),
        (0.0001, "             0.0%"),
        (0.0, ""),
    ],
)
def test_a_bar_has_an_eighth_of_a_cell_for_each_96th(share: float, text: str) -> None:
    """Twelve cells are the whole."""
    assert bar(share) == text


@pytest.mark.parametrize(("form", "figure"), [("table", "params"), ("tree", "macs"), ("table", "memory")])
def test_bars_are_shares_of_the_total(form: str, figure: str) -> None:
    """By hand: 2·9 + 2 and 8·3 parameters, 64·18 and 64·24 MACs, 64·2 and 64·8 elements."""
    spec = "8x8x1 -> conv 2 3x3 p1 -> conv 8 3x1 p1x0 groups=2 bias=false"
    done = CliRunner().invoke(group, ["summary", spec, "--bars", figure, "--format", form], catch_exceptions=False)
    shares = [line.split()[-1] for line in done.stdout.splitlines() if line.startswith("conv_")]
    assert shares == {"params": ["45.5%", "54.5%"], "macs": ["42.9%", "57.1%"], "memory": ["20.0%", "80.0%"]}[figure]


def test_bars_are_for_people() -> None:
    """Other formats have the column share."""
    done = CliRunner().invoke(group, ["summary", "lenet5", "--bars", "macs", "--format", "csv"])
    assert (done.exit_code, "--bars is for --format table and tree" in done.stderr) == (2, True)
