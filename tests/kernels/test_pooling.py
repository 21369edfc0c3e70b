"""Pooling kernels: the maximum and the mean of every window."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.kernels import pooling
from cnncalc.kernels.windows import slide


def row(*values):
    return np.array(values, np.float32).reshape(1, -1, 1)


def test_padding_never_wins():
    """The largest of negative numbers is found at the border too."""
    assert pooling.maximum(np, row(-3, -7, -5), [slide(3, 3, 1, 1, 1)]).ravel().tolist() == [-3, -3, -5]


@pytest.mark.parametrize(
    ("counted", "expected"),
    [((1, 1), [3, 6, 5]), ((0, 0), [4.5, 6, 7.5]), ((1, 0), [3, 6, 7.5])],
)
def test_what_counts_in_a_mean(counted, expected):
    """Windows of 3 over 3 6 9, padded by 1: divided by 3, or by what is counted alone."""
    found = pooling.mean(np, row(3, 6, 9), [slide(3, 3, 1, 1, 1)], [counted])
    assert found.ravel().tolist() == expected
    assert found.dtype == np.float32


def test_a_mean_of_nothing():
    """Caffe's window beyond the input sees nothing: not a number, and no warning."""
    found = pooling.mean(np, row(2, 3), [slide(2, 1, 2, 1, 0, "caffe")], [(0, 0)])
    assert found[0, 0, 0] == 2
    assert np.isnan(found[0, 1, 0])


@pytest.mark.parametrize("pool", ["maximum", "mean"])
def test_not_a_number_reaches_its_windows_alone(pool):
    """Stride 2, kernel 3 over 7: position 2 lies in the windows from 0 and from 2."""
    x = row(0, 1, np.nan, 3, 4, 5, 6)
    slides = [slide(7, 3, 2, 1, 0)]
    y = pooling.maximum(np, x, slides) if pool == "maximum" else pooling.mean(np, x, slides, [(0, 0)])
    assert np.isnan(y).ravel().tolist() == [True, True, False]


def test_the_input_is_not_written():
    """What goes in is the same afterwards, with and without padding."""
    x = row(1, 5, 2, 7)
    before = x.copy()
    for padding in (0, 1):
        slides = [slide(4, 2, 1, 1, padding)]
        pooling.maximum(np, x, slides)
        pooling.mean(np, x, slides, [(padding, padding)])
    assert (x == before).all()


def test_a_mean_beside_the_input():
    """PyTorch's p-norm with ceil_mode: the second window of 3 4 5 has one value, 5² times the window's size of 2."""
    found = pooling.signed_norm(np, row(3, 4, 5), [slide(3, 2, 2, 1, 0, "ceil")], 2)
    assert found.ravel().tolist() == pytest.approx([5, 50**0.5])
