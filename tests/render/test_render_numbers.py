"""Numbers, sizes and shapes as text."""

from __future__ import annotations

import unicodedata

import pytest

from cnncalc.number_text import (
    byte_size,
    decimal,
    growth_percent,
    percent,
    plural,
    short,
    show_number,
    show_shape,
    signed,
    thousands,
    times,
    whole_percent,
)
from cnncalc.render.text import NARROW, visible, width
from tests.together import for_each


@for_each(
    ("count", "text"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (102228128, "97.5 MiB"), (2**40, "1.0 TiB")],
)
def test_byte_size(count: int, text: str) -> None:
    """Sizes are in binary units; ResNet-50's 25,557,032 float32 are 97.5 MiB."""
    assert byte_size(count) == text


@for_each(
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


def test_thousands_and_percent() -> None:
    """Separators and shares."""
    assert thousands(25557032) == "25,557,032"
    assert (percent(1, 3), percent(0, 3), percent(0, 0)) == ("33.3%", "", "")


@for_each(
    ("share", "text"),
    [(0, "0%"), (0.004, "less than 1%"), (0.5, "50%"), (0.994, "99%"), (0.995, "more than 99%"), (1, "100%")],
)
def test_whole_percent(share: float, text: str) -> None:
    """A share that is neither nothing nor all is never written as 0% or 100%."""
    assert whole_percent(share) == text


@pytest.mark.parametrize(
    ("growth", "old", "text"),
    [(10108160, 11689512, "+86.5%"), (-5, 10, "−50.0%"), (1, 100000, "+<0.1%"), (0, 10, ""), (5, 0, "")],
)
def test_growth_percent(growth: int, old: int, text: str) -> None:
    """ResNet-34 has 21,797,672 parameters, 10,108,160 more than ResNet-18: 86.47% more."""
    assert growth_percent(growth, old) == text


def test_signed() -> None:
    """A minus sign, U+2212."""
    assert [signed(number) for number in (5000, 0, -5000)] == ["+5,000", "0", "−5,000"]


def test_plural() -> None:
    """One thing has no s, and a noun of its own plural says so."""
    assert [plural(number, "layer") for number in (0, 1, 2048)] == ["0 layers", "1 layer", "2,048 layers"]
    assert plural(2, "axis", "axes") == "2 axes"


def test_decimal_numbers() -> None:
    """Six significant digits, or as many as are asked for; thousands are separated in text only."""
    assert (decimal(4.25), decimal(1 / 3), decimal(1 / 3, 2), decimal(1234.5)) == ("4.25", "0.333333", "0.33", "1234.5")
    assert (show_number(756560), show_number(1234.5)) == ("756,560", "1,234.5")


def test_shapes() -> None:
    """Sizes of axes; a stride of a resized axis may be a fraction."""
    assert [show_shape(sizes) for sizes in ((14, 14, 20), (), (0.5, 2))] == ["14x14x20", "scalar", "0.5x2"]
    assert show_shape((14, 14, 20), times="×") == "14×14×20"


@pytest.mark.parametrize(("text", "cells"), [("conv", 4), ("卷积", 4), ("é", 1), ("e\u0301", 1), ("×→", 2)])
def test_width(text: str, cells: int) -> None:
    """Wide characters take two cells, combining ones none."""
    assert width(text) == cells


def test_common_characters_are_narrow() -> None:
    """By Unicode's properties: neither wide nor fullwidth, neither combining nor without a width."""
    assert {unicodedata.east_asian_width(char) for char in NARROW}.isdisjoint({"W", "F"})
    assert {unicodedata.category(char) for char in NARROW}.isdisjoint({"Mn", "Me", "Cf"})


def test_visible() -> None:
    """Control characters are escaped as JSON escapes them; tabs are four blanks."""
    assert visible("a\tb\x1b[31mc") == "a    b\\u001b[31mc"
