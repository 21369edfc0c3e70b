"""Figures as people read them."""

from __future__ import annotations

import pytest

from cnncalc.number_text import byte_size, dimensions, percent, short, thousands, times
from cnncalc.render.text import visible, width


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (102228128, "97.5 MiB"), (2**40, "1.0 TiB")],
)
def test_byte_size(count: int, text: str) -> None:
    """Sizes are in binary units; ResNet-50's 25,557,032 float32 are 97.5 MiB."""
    assert byte_size(count) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0"), (999, "999"), (1000, "1.00 k"), (4089184256, "4.09 G"), (15500000000, "15.5 G"), (752640, "753 k")],
)
def test_short(count: int, text: str) -> None:
    """Counts are shortened to three figures; torchvision prints ResNet-50's as 4.09 G."""
    assert short(count) == text


@pytest.mark.parametrize(
    ("larger", "smaller", "text"), [(756560, 3860, "196"), (3, 2, "1.5"), (7, 3, "2.3"), (20, 3, "6.7"), (5, 0, "0")]
)
def test_times(larger: int, smaller: int, text: str) -> None:
    """How many times as many: 756,560 is 196 times 3,860."""
    assert times(larger, smaller) == text


def test_thousands_percent_dimensions() -> None:
    """Separators, shares and shapes."""
    assert thousands(25557032) == "25,557,032"
    assert (percent(1, 3), percent(0, 3), percent(0, 0)) == ("33.3%", "", "")
    assert (dimensions((14, 14, 20)), dimensions(None), dimensions((0.5, 2))) == ("14x14x20", "", "0.5x2")


@pytest.mark.parametrize(("text", "cells"), [("conv", 4), ("卷积", 4), ("é", 1), ("e\u0301", 1), ("×→", 2)])
def test_width(text: str, cells: int) -> None:
    """Wide characters take two cells, combining ones none."""
    assert width(text) == cells


def test_visible() -> None:
    """Control characters are escaped as JSON escapes them; tabs are four blanks."""
    assert visible("a\tb\x1b[31mc") == "a    b\\u001b[31mc"
