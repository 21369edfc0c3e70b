"""Unpooling kernels: where the maxima stood, and how values go back there."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.kernels import unpooling
from cnncalc.kernels.windows import slide


def test_not_a_number_is_the_maximum():
    """As in PyTorch's max pools, the last not-a-number of a window wins the place."""
    pooled = np.array([np.nan, 9, np.nan, 1], np.float32).reshape(1, 4, 1)
    assert unpooling.places_of_maxima(np, pooled, [slide(4, 4, 4, 1, 0)]).ravel().tolist() == [2]


def test_padding_never_wins_a_place():
    """Minus infinity everywhere: the first place inside the input is taken, not one of the padding."""
    pooled = np.full((1, 3, 1), -np.inf, np.float32)
    assert unpooling.places_of_maxima(np, pooled, [slide(3, 3, 1, 1, 1)]).ravel().tolist() == [0, 0, 1]


def test_values_must_have_places():
    """Values and places that do not fit are told, not stretched."""
    with pytest.raises(ValueError, match="the input is"):
        unpooling.put(np, np.ones((1, 3, 1)), np.zeros((1, 1, 1), int), (7,))


def test_a_window_that_starts_beyond_the_input():
    """Caffe's second window of stride 2 over 2 starts at position 2: the last one inside is taken."""
    places = unpooling.first_places(np, np.zeros((1, 2, 1)), (2,), [slide(2, 1, 2, 1, 0, "caffe")])
    assert places.ravel().tolist() == [0, 1]


def test_values_at_the_first_positions_of_their_cells():
    """Cells of 2 × 3, an image of 1 × 2 with three channels."""
    y = unpooling.nailed(np, np.arange(1.0, 7).reshape(1, 1, 2, 3), (2, 3))
    assert y.shape == (1, 2, 6, 3)
    assert y[0, 0, [0, 3]].tolist() == [[1, 2, 3], [4, 5, 6]]
    assert y.sum() == 21


def test_values_over_their_cells():
    y = unpooling.repeated(np, np.arange(1.0, 7).reshape(1, 1, 2, 3), (2, 1))
    assert y[0].tolist() == [[[1, 2, 3], [4, 5, 6]], [[1, 2, 3], [4, 5, 6]]]
