"""Transposed convolution kernels: every input spreads a kernel, and what overlaps adds up."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.kernels.transposed import AxisSpread, spread, spread_untied
from tests.kernels.number_making import squares
from tests.together import for_each

DIGITS = np.array([1, 10, 100], np.float32).reshape(3, 1, 1)


@for_each(
    ("step", "expected"),
    [
        (AxisSpread(3, 2, 1, 0, 0), [1, 10, 102, 20, 203, 30, 304, 40, 400]),
        (AxisSpread(3, 1, 1, 0, 0), [1, 12, 123, 234, 340, 400]),
        (AxisSpread(3, 3, 1, 0, 0), [1, 10, 100, 2, 20, 200, 3, 30, 300, 4, 40, 400]),
        (AxisSpread(3, 4, 1, 0, 0), [1, 10, 100, 0, 2, 20, 200, 0, 3, 30, 300, 0, 4, 40, 400]),
        (AxisSpread(3, 1, 2, 0, 0), [1, 2, 13, 24, 130, 240, 300, 400]),
        (AxisSpread(3, 2, 1, 1, 2), [10, 102, 20, 203, 30, 304]),
        (AxisSpread(3, 2, 1, 1, -1), [10, 102, 20, 203, 30, 304, 40, 400, 0]),
        (AxisSpread(3, 1, 1, -2, 3), [0, 0, 1, 12, 123]),
    ],
)
def test_by_hand(step, expected):
    """1 2 3 4 times 1, 10, 100: the digits show which input came through which tap."""
    x = np.array([1, 2, 3, 4], np.float32).reshape(1, 4, 1)
    found = spread(np, x, DIGITS, [step], 1)
    assert found.ravel().tolist() == expected
    assert found.dtype == np.float32
    untied = spread_untied(np, x, np.broadcast_to(DIGITS, (4, 3, 1, 1)), [step], 1)
    assert untied.ravel().tolist() == expected


def naive(x, kernel, spreads, groups):
    """The definition, one input and one tap at a time, before anything is cut off."""
    depth, count = x.shape[-1] // groups, kernel.shape[-1]
    sizes = [(n - 1) * s.stride + s.dilation * (s.kernel - 1) + 1 for n, s in zip(x.shape[1:-1], spreads, strict=True)]
    y = np.zeros((len(x), *sizes, count * groups))
    for place in np.ndindex(x.shape[1:-1]):
        for tap in np.ndindex(kernel.shape[:-2]):
            at = tuple(p * s.stride + t * s.dilation for p, t, s in zip(place, tap, spreads, strict=True))
            for channel in range(x.shape[-1]):
                first = channel // depth * count
                seen = x[(slice(None), *place, channel)]
                y[(slice(None), *at, slice(first, first + count))] += seen[:, None] * kernel[(*tap, channel)]
    return y


@pytest.mark.parametrize(
    ("sizes", "channels", "filters", "kernel", "stride", "dilation", "groups"),
    [
        ((5,), 3, 7, (3,), 2, 1, 1),
        ((5, 3), 2, 3, (2, 3), 2, 2, 1),
        ((3, 5), 6, 4, (3, 2), 1, 1, 2),
        ((3, 5), 3, 3, (3, 3), 2, 1, 3),
        ((2, 3, 5), 4, 2, (2, 1, 3), 2, 1, 2),
    ],
)
def test_the_definition(sizes, channels, filters, kernel, stride, dilation, groups):
    """In 1, 2 and 3 dimensions, with groups or without, tied or not, the numbers are the definition's."""
    x, weights = squares(2, *sizes, channels), squares(*kernel, channels, filters // groups, period=11)
    spreads = [AxisSpread(taps, stride, dilation, 0, 0) for taps in kernel]
    expected = naive(x, weights, spreads, groups)
    np.testing.assert_array_equal(spread(np, x, weights, spreads, groups), expected)
    untied = np.broadcast_to(weights, (*sizes, *weights.shape))
    np.testing.assert_array_equal(spread_untied(np, x, untied, spreads, groups), expected)


@pytest.mark.parametrize(
    ("channels", "kernel", "groups", "message"),
    [
        (7, (3, 1, 2), 1, r"the kernel is \(3, 1, 2\), but the arrays need \(3, 7, 2\)"),
        (7, (2, 7, 2), 1, r"the kernel is \(2, 7, 2\), but the arrays need \(3, 7, 2\)"),
        (7, (3, 7, 2), 2, "7 input channels cannot be divided into 2 groups"),
    ],
)
def test_weights_must_fit(channels, kernel, groups, message):
    """Nothing is stretched or left out in silence."""
    with pytest.raises(ValueError, match=message):
        spread(np, squares(1, 5, channels), squares(*kernel), [AxisSpread(3, 2, 1, 0, 0)], groups)
    with pytest.raises(ValueError, match=r"the kernel is|cannot be divided"):
        spread_untied(np, squares(1, 5, channels), squares(5, *kernel), [AxisSpread(3, 2, 1, 0, 0)], groups)


def test_not_a_number_reaches_what_it_spreads_over_alone():
    """Input 2 of 5 with stride 2 and kernel 3 reaches outputs 4, 5 and 6, even through a kernel of 0."""
    x = squares(1, 5, 2)
    x[0, 2] = np.nan
    y = spread(np, x, np.zeros((3, 2, 3), np.float32), [AxisSpread(3, 2, 1, 0, 0)], 1)
    assert np.flatnonzero(np.isnan(y).all(axis=-1)).tolist() == [4, 5, 6]
    assert np.isnan(y).sum() == 9
