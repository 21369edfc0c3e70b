"""Which input positions an output reads along an axis: counted by hand, and by the definition of each layer."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import floor

import pytest

from cnncalc.arithmetic import taps
from cnncalc.arithmetic.taps import MOST_CELLS, AxisTaps
from cnncalc.arithmetic.window import AxisWindow
from tests.together import for_each


def read(pattern: AxisTaps | None, outputs: int) -> list[list[int]]:
    """The positions that each of the first outputs reads, in ascending order."""
    assert pattern is not None
    return [sorted(pattern.of(output)) for output in range(outputs)]


# What is asked, and the positions of its first outputs, by hand.
PATTERNS = [
    (taps.sliding(AxisWindow(3, 2, 1, 1, 4)), [[-1, 0, 1], [1, 2, 3], [3, 4, 5]]),  # kernel 3, stride 2, padding 1
    (taps.sliding(AxisWindow(5, 1, 0, 0, 9), 2), [[0, 2, 4], [1, 3, 5]]),  # kernel 3, dilation 2
    (taps.moved(3), [[3], [4], [5]]),
    (taps.moved(6, -2), [[6], [4], [2]]),
    (taps.throughout(3), [[0, 1, 2], [0, 1, 2]]),
    (taps.again(3), [[0], [1], [2], [0], [1]]),
    (taps.repeated(3), [[0], [0], [0], [1], [1]]),
    (taps.nailed(3), [[0], [], [], [1], []]),
    (taps.last(7, 3), [[4, 5, 6]]),
    # Adaptive pooling of 7 into 3: ⌊0⌋ to ⌈7/3⌉ = 3, ⌊7/3⌋ = 2 to ⌈14/3⌉ = 5, ⌊14/3⌋ = 4 to 7.
    (taps.bins(7, 3), [[0, 1, 2], [2, 3, 4], [4, 5, 6]]),
    (taps.bins(6, 4), [[0, 1], [1, 2], [3, 4], [4, 5]]),  # ⌊1.5⌋ to ⌈3⌉, 3 to ⌈4.5⌉, ⌊4.5⌋ to 6
    (taps.bins(2, 5), [[0], [0], [0, 1], [1], [1]]),  # ⌊0.8⌋ to ⌈1.2⌉ is the third
    # Windows of 3 that start at ⌊i·5/3⌋: 0, 1, 3, 5; and at ⌊i·4/2⌋: 0, 2, 4.
    (taps.spaced(3, 5, 4), [[0, 1, 2], [1, 2, 3], [3, 4, 5], [5, 6, 7]]),
    (taps.spaced(3, 4, 3), [[0, 1, 2], [2, 3, 4], [4, 5, 6]]),
    (taps.spaced(2, 5, 2), [[0, 1], [5, 6]]),
    (taps.spaced(2, 0, 1), [[0, 1]]),
]  # fmt: skip


@for_each(("pattern", "expected"), PATTERNS)
def test_what_the_first_outputs_read(pattern: AxisTaps, expected: list[list[int]]) -> None:
    assert read(pattern, len(expected)) == expected


@pytest.mark.parametrize("F", [1, 2, 3, 5])
def test_a_transposed_convolution_sums_what_its_definition_says(F: int) -> None:
    """Output o sums the inputs i and the taps t with i·S + t·D = o + cut (Dumoulin & Visin, section 4)."""
    for S, D, cut in product((1, 2, 3, 4, 6), (1, 2, 3, 4), (0, 1, 3)):
        pattern = taps.transposed(F, S, D, cut)
        for output in range(13):
            by_definition = {(output + cut - t * D) // S for t in range(F) if not (output + cut - t * D) % S}
            assert sorted(pattern.of(output)) == sorted(by_definition), (F, S, D, cut, output)


def test_patterns_are_as_short_as_possible() -> None:
    """4 bins of 6 repeat after 2, as 4·6/4 is 6; two gaps over 4 are equal, and three over 5 are not."""
    for pattern, cells in (
        (taps.bins(6, 4), 2),
        (taps.bins(7, 3), 3),
        (taps.spaced(3, 4, 3), 1),
        (taps.spaced(3, 5, 4), 3),
    ):
        assert pattern is not None
        assert len(pattern.cells) == cells


def test_places_between_positions() -> None:
    """Places 1/4, 3/4, 5/4 … of a part that begins at 10, each read with the position before and after it."""

    def around(place: Fraction) -> range:
        return range(floor(place), floor(place) + 2)

    pattern = taps.read_at(Fraction(1, 4), Fraction(1, 2), around, (10, 15))
    assert read(pattern, 4) == [[10, 11], [10, 11], [11, 12], [11, 12]]
    assert pattern is not None
    assert (pattern.border, pattern.inside) == ("replicate", (10, 15))


# The longest pattern that is written out, and one that is longer by one.
LONGEST = [
    (taps.again(MOST_CELLS), taps.again(MOST_CELLS + 1)),
    (taps.repeated(MOST_CELLS), taps.repeated(MOST_CELLS + 1)),
    (taps.nailed(MOST_CELLS), taps.nailed(MOST_CELLS + 1)),
    (taps.transposed(3, MOST_CELLS, 1, 0), taps.transposed(3, MOST_CELLS + 1, 1, 0)),
    (taps.bins(1, MOST_CELLS), taps.bins(1, MOST_CELLS + 1)),
    (taps.spaced(1, 1, MOST_CELLS + 1), taps.spaced(1, 1, MOST_CELLS + 2)),
    (
        taps.read_at(Fraction(0), Fraction(1, MOST_CELLS), lambda place: range(1), (0, 1)),
        taps.read_at(Fraction(0), Fraction(1, MOST_CELLS + 1), lambda place: range(1), (0, 1)),
    ),
]


@for_each(("written", "too_long"), LONGEST)
def test_a_longer_pattern_is_not_written_out(written: AxisTaps | None, too_long: AxisTaps | None) -> None:
    """10,000 cells are, 10,001 are not."""
    assert written is not None
    assert len(written.cells) == MOST_CELLS == 10_000
    assert too_long is None


def test_one_axis_without_a_pattern_leaves_all_without() -> None:
    one = taps.throughout(3)
    assert taps.patterns([one, one]) == (one, one)
    assert taps.patterns([one, None]) is None
