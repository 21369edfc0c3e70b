"""Outputs written out number by number, from made-up windows."""

from __future__ import annotations

import numpy as np

from cnncalc.layers.worked_output import TapsSeen, inside, largest_of, mean_of, number, weighted
from tests.together import for_each

SEEN = TapsSeen((0,), (2, 3), [((0,), np.array([1.0, -2.0, 3.0])), ((1,), None), ((2,), np.array([0.5, 5.0, 0.25]))])
"""Three taps of a sequence with three channels; the second one lies in the padding."""
PADDING = TapsSeen((0,), (2, 3), [((0,), None)])
KERNEL = np.array([[2.0, 7.0], [11.0, -1.0], [13.0, 17.0]])
"""Three taps, two channels."""


@for_each(
    ("value", "text"),
    [(0, "0"), (2.5, "2.5"), (-3, "(-3)"), (1 / 3, "0.333333"), (np.float32(-0.5), "(-0.5)")],
)
def test_numbers(value: float, text: str) -> None:
    assert number(value) == text


def test_a_weighted_sum() -> None:
    """A tap in the padding is 0; a bias of 0 is not written."""
    first = "1·2 + (-2)·7 + 0·11 + 0·(-1) + 0.5·13 + 5·17"
    assert weighted(SEEN, 0, KERNEL, None) == weighted(SEEN, 0, KERNEL, 0.0) == first
    assert weighted(SEEN, 1, KERNEL, -4.0) == "(-2)·2 + 3·7 + 0·11 + 0·(-1) + 5·13 + 0.25·17 + (-4)"
    nothing = TapsSeen((0,), (2, 3), [])
    assert (weighted(nothing, 0, KERNEL, None), weighted(nothing, 0, KERNEL, 2.0)) == ("0", "2")


def test_pools_skip_the_padding() -> None:
    assert inside(SEEN, 1) == ["(-2)", "5"]
    assert (largest_of(SEEN, 1), largest_of(PADDING, 1)) == ("max((-2), 5)", "max(nothing)")
    assert mean_of(SEEN, 0) == "(1 + 0.5)/2"
