"""Ways of writing that public PyTorch code uses: each program gives the figures that PyTorch gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc import analyze
from tests.source.programs import programs

KINDS = {title.rsplit(" ", 1)[0]: text for title, text in programs("kinds.txt").items()}

FIGURES = {
    "patches by einops": ("3x24x36", 3029, 92608, [5]),
    "modules by their tables": ("5x11x13", 1701, 174305, [6]),
    "arrays of a program": ("7x9", 72, 1288, [3, 8]),
}
"""Input, parameters, multiply-accumulates and output, by PyTorch 2.13 and its FlopCounterMode."""


@pytest.mark.parametrize("title", FIGURES)
def test_figures_are_pytorchs(title: str, tmp_path: Path) -> None:
    """Parameters, multiply-accumulates, and the output's shape."""
    shape, params, macs, output = FIGURES[title]
    (tmp_path / "net.py").write_text(KINDS[title], encoding="utf-8")
    report = analyze(f"{tmp_path / 'net.py'}:Net", input=[int(size) for size in shape.split("x")]).to_dict()
    assert report["totals"]["params"] == params
    assert report["totals"]["macs"] == macs
    assert [each["shape"] for each in report["outputs"]] == [output]


def test_every_program_has_figures() -> None:
    """No program of the file is forgotten."""
    assert list(KINDS) == list(FIGURES)
