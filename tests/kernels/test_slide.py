"""Where windows start, the padding they need, and the views of what they see."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.kernels.windows import Slide, explicit_sides, padded, slide, stripes, taps, windows
from tests.together import for_each

# size, kernel, stride, dilation, padding, rounding; starts, before, after
SLIDES = [
    ((7, 3, 1, 1, 0, "floor"), (5, 0, 0)),  # CS231n, 7x7 and 3x3
    ((7, 3, 2, 1, 0, "floor"), (3, 0, 0)),
    ((6, 3, 2, 1, 0, "floor"), (2, 0, 0)),  # the last number is never seen
    ((6, 3, 2, 1, 0, "ceil"), (3, 0, 1)),  # one number more is needed at the end
    ((5, 2, 2, 1, 1, "ceil"), (3, 1, 0)),  # a window from 5 on would start behind the input
    ((32, 1, 2, 1, 0, "ceil"), (16, 0, 0)),
    ((32, 1, 2, 1, 0, "caffe"), (17, 0, 1)),  # Caffe keeps it where there is no padding
    ((5, 2, 2, 1, 1, "caffe"), (3, 1, 0)),
    ((10, 5, 2, 1, "same", "floor"), (5, 1, 2)),  # tf.nn.conv1d
    ((10, 5, 2, 1, "same_lower", "floor"), (5, 2, 1)),
    ((7, 1, 3, 1, "same", "floor"), (3, 0, 0)),
    ((11, 3, 1, 2, "same", "floor"), (11, 2, 2)),
    ((11, 4, 1, 1, "half", "floor"), (12, 2, 2)),  # one more than the input for an even kernel
    ((5, 3, 1, 1, "full", "floor"), (7, 2, 2)),  # Dumoulin & Visin, figure 2.4
    ((5, 3, 1, 2, "causal", "floor"), (5, 4, 0)),
    ((7, 3, 2, 1, (1, 0), "floor"), (3, 1, 0)),
    ((7, 3, 3, 1, (0, 5), "exact"), (4, 0, 5)),
    ((2, 3, 3, 1, 0, "ceil"), (1, 0, 1)),  # torch.nn.MaxPool1d(3, 3, ceil_mode=True)
]


@for_each(("walk", "expected"), SLIDES)
def test_slide(walk, expected):
    """The window walks step by step; only the padding that its last step needs is taken."""
    found = slide(*walk)
    assert (found.starts, found.before, found.after) == expected
    assert (found.kernel, found.stride, found.dilation) == walk[1:4]


@pytest.mark.parametrize(
    "walk", [(5, 7, 1, 1, 0), (5, 4, 1, 2, (0, 1)), (1, 2, 2, 1, "valid"), (2, 5, 3, 1, 0, "ceil")]
)
def test_no_window_fits(walk):
    """Not one window fits: an error with the sizes, never an empty array."""
    with pytest.raises(ValueError, match=r"a window of \d+ does not fit into"):
        slide(*walk)


@for_each(
    ("side", "expected"),
    [("valid", (0, 0)), ("half", (2, 2)), ("full", (4, 4)), ("causal", (4, 0)), (3, (3, 3)), ((1, 2), (1, 2))],
)
def test_sides(side, expected):
    """What each word asks for around an axis, for a window that covers 5."""
    assert explicit_sides(side, 5) == expected


def test_windows_by_hand():
    """Stride 2 and dilation 2 over 0 … 6: 0 2 4, then 2 4 6."""
    x = np.arange(7.0).reshape(1, 7, 1)
    view = windows(np, x, [slide(7, 3, 2, 2, 0)])
    assert view[0, :, :, 0].tolist() == [[0, 2, 4], [2, 4, 6]]


def test_windows_copy_nothing():
    """The view shares the array's memory and cannot be written."""
    x = np.zeros((2, 7, 11, 3), np.float32)
    view = windows(np, x, [slide(7, 3, 1, 1, 0), slide(11, 5, 2, 1, 0)])
    assert view.shape == (2, 5, 4, 3, 5, 3)
    assert np.shares_memory(view, x)
    assert not view.flags.writeable


def test_windows_of_a_view():
    """Channels that were moved last without copying are seen in their places."""
    x = np.arange(2 * 3 * 5 * 7.0).reshape(2, 3, 5, 7)
    view = windows(np, np.moveaxis(x, 1, -1), [slide(5, 2, 1, 1, 0), slide(7, 3, 1, 1, 0)])
    assert view[1, 2, 3, 1, 2].tolist() == x[1, :, 3, 5].tolist()


def test_taps_and_windows_agree():
    """Tap by tap or window by window, the same numbers are seen, in 1, 2 and 3 dimensions."""
    for sizes in ((11,), (7, 5), (5, 7, 3)):
        x = np.arange(np.prod(sizes) * 2.0).reshape(1, *sizes, 2)
        slides = [slide(size, 2, 2, 2, 1) for size in sizes]
        x = padded(np, x, slides)
        view = windows(np, x, slides)
        axes = (slice(None),) * (len(sizes) + 1)
        for tap, seen in taps(x, slides):
            assert (view[axes + tap] == seen).all()


def test_padding_has_its_value():
    """The padding lies around the spatial axes only; nothing is copied where there is none."""
    x = np.ones((1, 2, 1))
    assert padded(np, x, [Slide(3, 1, 1, 2, 1, 2)], -np.inf)[0, :, 0].tolist() == [-np.inf, 1, 1, -np.inf, -np.inf]
    assert padded(np, x, [Slide(1, 1, 1, 2, 0, 0)]) is x


def test_stripes_of_windows():
    """Kernel 3 over 7 positions of 2 channels: at stride 1 the starts 0–1, 2–3 and 4; at stride 2 all at once."""
    x = np.arange(14.0).reshape(1, 7, 2)
    found = list(stripes(np, x, [slide(7, 3, 1, 1, 0)], 2))
    assert [(part.start, part.stop, view.shape) for part, view in found] == [
        (0, 2, (1, 1, 3, 4)), (2, 4, (1, 1, 3, 4)), (4, 5, (1, 1, 3, 2)),
    ]  # fmt: skip
    assert found[1][1][0, 0].tolist() == [[4, 5, 6, 7], [6, 7, 8, 9], [8, 9, 10, 11]]
    ((part, view),) = stripes(np, x, [slide(7, 3, 2, 1, 0)], 2)
    assert (part, view.shape) == (slice(None), (1, 3, 3, 2))
