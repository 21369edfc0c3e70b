"""Convolution kernels: tiles, strictness about weights, where not-a-number goes."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from cnncalc.kernels import arrays, convolution
from cnncalc.kernels.convolution import convolve, convolve_untied
from cnncalc.kernels.windows import slide
from tests.kernels.number_making import squares


def naive(x, kernel, bias, slides, groups):
    """The definition, one output and one tap at a time; `x` already padded."""
    starts, count, depth = tuple(step.starts for step in slides), kernel.shape[-1] // groups, kernel.shape[-2]
    y = np.zeros((len(x), *starts, kernel.shape[-1]))
    for place in np.ndindex(starts):
        for tap in np.ndindex(kernel.shape[:-2]):
            at = tuple(p * s.stride + t * s.dilation for p, t, s in zip(place, tap, slides, strict=True))
            for filter_ in range(kernel.shape[-1]):
                first = filter_ // count * depth
                seen = x[(slice(None), *at, slice(first, first + depth))]
                y[(slice(None), *place, filter_)] += seen @ kernel[(*tap, slice(None), filter_)]
    return y + bias


# sizes, channels, filters, kernel, stride, dilation, groups
LAYERS = [
    ((11,), 3, 5, (3,), 2, 1, 1),
    ((7, 5), 2, 3, (3, 2), 1, 2, 1),
    ((7, 5), 3, 5, (1, 1), 1, 1, 1),  # the windows are the input itself
    ((7, 11), 6, 4, (2, 3), 2, 1, 2),
    ((7, 5), 5, 10, (3, 3), 1, 1, 5),  # depthwise, multiplier 2
    ((5, 3, 7), 2, 3, (2, 1, 3), 2, 1, 1),
    ((5, 3, 7), 4, 2, (2, 2, 2), 1, 1, 2),
]


@pytest.mark.parametrize(
    ("most", "first", "count"),
    [
        (250, (slice(0, 20),), 1),  # 250/12 samples of 3·4 windows
        (12, (slice(0, 1),), 2),
        (10, (0, slice(0, 2)), 4),  # 10/4 rows of 4 windows: 2 and 1 of 3
        (4, (0, slice(0, 1)), 6),
        (3, (0, 0, slice(0, 3)), 12),  # 3 and 1 of 4 windows
        (0, (0, 0, slice(0, 1)), 24),  # one window, though it is larger
    ],
)
def test_tiles(most, first, count):
    """As many windows as fit, of 2x3x4 of them."""
    tiles = list(arrays.tiles((2, 3, 4), most))
    assert (tiles[0], len(tiles)) == (first, count)


@pytest.mark.parametrize("tile_bytes", [1, 1000, convolution.TILE_BYTES])
@pytest.mark.parametrize(("sizes", "channels", "filters", "kernel", "stride", "dilation", "groups"), LAYERS)
def test_the_definition(monkeypatch, sizes, channels, filters, kernel, stride, dilation, groups, tile_bytes):
    """Whatever the tiles, the numbers are the definition's, and single precision stays."""
    monkeypatch.setattr(convolution, "TILE_BYTES", tile_bytes)
    monkeypatch.setattr(convolution, "MOST_TILE_BYTES", tile_bytes)
    monkeypatch.setattr(convolution, "STRIPE_VALUES", tile_bytes)
    x = squares(2, *sizes, channels)
    weights = squares(*kernel, channels // groups, filters, period=11)
    bias = squares(filters, period=13)
    slides = [slide(size, taps, stride, dilation, 0) for size, taps in zip(sizes, kernel, strict=True)]
    y = convolve(np, x, weights, bias, slides, groups)
    assert y.dtype == np.float32
    np.testing.assert_array_equal(y, naive(x, weights, bias, slides, groups))
    starts = y.shape[1:-1]
    untied = np.broadcast_to(weights, (*starts, *weights.shape))
    again = convolve_untied(np, x, untied, np.broadcast_to(bias, (*starts, filters)), slides, groups)
    np.testing.assert_array_equal(again, y)
    assert again.dtype == np.float32


@pytest.mark.parametrize(
    ("sizes", "channels"),
    [((512, 512), 16), ((4, 6144), 128), ((3, 96, 96), 64), ((40000,), 128), ((1, 262144), 16)],
)
def test_the_window_matrix_is_bounded(sizes, channels):
    """A window matrix of more than 40 MiB is never held at once: beside the output, at most 32 MiB are."""
    x = np.zeros((1, *sizes, channels), np.float32)
    kernel = np.zeros(((1, 3) if sizes[0] == 1 else (3,) * len(sizes)) + (channels, 1), np.float32)
    slides = [slide(size, taps, 1, 1, 0) for size, taps in zip(sizes, kernel.shape[:-2], strict=True)]
    tracemalloc.start()
    y = convolve(np, x, kernel, None, slides, 1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert y.size * kernel[..., 0].size * 4 > 40 * 2**20
    assert peak - y.nbytes < 32 * 2**20


def refuses(message, x, kernel, bias, groups=1):
    slides = [slide(5, 3, 1, 1, 0)]
    with pytest.raises(ValueError, match=message):
        convolve(np, squares(1, 5, x), squares(*kernel), None if bias is None else squares(*bias), slides, groups)


def test_weights_must_fit():
    """Nothing is stretched, cut or left out in silence."""
    refuses(r"the kernel is \(3, 1, 4\), but the arrays need \(3, 7, 4\)", 7, (3, 1, 4), None)
    refuses(r"the kernel is \(2, 7, 4\), but the arrays need \(3, 7, 4\)", 7, (2, 7, 4), None)
    refuses(r"the kernel is \(1, 3, 7, 4\), but the arrays need \(3, 7, 4\)", 7, (1, 3, 7, 4), None)
    refuses(r"the bias is \(1,\), but the arrays need \(4,\)", 7, (3, 7, 4), (1,))
    refuses(r"the bias is \(1, 4\), but the arrays need \(4,\)", 7, (3, 7, 4), (1, 4))
    refuses("7 input channels cannot be divided into 2 groups", 7, (3, 3, 4), None, groups=2)
    refuses("5 filters cannot be divided into 2 groups", 6, (3, 3, 5), None, groups=2)


@pytest.mark.parametrize(
    ("kernel", "bias", "message"),
    [
        ((3, 7, 4), None, r"the kernel is \(3, 7, 4\), but the arrays need \(3, 3, 7, 4\)"),
        ((1, 3, 7, 4), None, r"the kernel is \(1, 3, 7, 4\), but the arrays need \(3, 3, 7, 4\)"),
        ((3, 3, 7, 4), (4,), r"the bias is \(4,\), but the arrays need \(3, 4\)"),
    ],
)
def test_untied_weights_must_fit(kernel, bias, message):
    """Every position has a kernel and a bias of its own: shared ones are not stretched over them."""
    slides = [slide(5, 3, 1, 1, 0)]
    with pytest.raises(ValueError, match=message):
        convolve_untied(np, squares(1, 5, 7), squares(*kernel), None if bias is None else squares(*bias), slides, 1)


@pytest.mark.parametrize(("channels", "groups"), [(3, 1), (4, 2), (3, 3)])
def test_not_a_number_reaches_its_windows_alone(channels, groups):
    """Outputs whose window holds the position are lost, even where the kernel is 0, and no others."""
    slides = [slide(7, 3, 2, 1, 1), slide(11, 3, 1, 2, 1)]
    x = squares(1, 7, 11, channels)
    x[0, 3, 5] = np.nan
    y = convolve(np, x, np.zeros((3, 3, channels // groups, 12), np.float32), None, slides, groups)
    lost = np.isnan(y).all(axis=-1)
    assert (lost == np.isnan(y).any(axis=-1)).all()
    # rows 2i − 1 … 2i + 1 hold 3 for i = 1, 2; columns j − 1, j + 1, j + 3 hold 5 for j = 2, 4, 6
    assert np.argwhere(lost[0]).tolist() == [[1, 2], [1, 4], [1, 6], [2, 2], [2, 4], [2, 6]]
