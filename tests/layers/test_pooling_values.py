"""Limits, views and values of pools that are rarely written: fractional, unpooled, adaptive, words of padding."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.arithmetic.taps import AxisTaps
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from tests.layers.layer_making import make
from tests.together import for_each


@for_each("value, share", [(0.5, 0.5), ([0.25, 0.75], (0.25, 0.75)), ([0.5], (0.5,))])
def test_ratios(value, share):
    """Shares between 0 and 1, both excluded."""
    field = make("fractional_max_pool", kernel=2).fields["ratio"]
    assert field.parse(value) == share
    for wrong in (0, 1, 1.5, -0.5, True, False, "0.5", None, [], [0.5, 1], [0.5, "x"]):
        with pytest.raises(Refusal):
            field.parse(wrong)
    number = {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}
    assert field.schema == {"anyOf": [number, {"type": "array", "items": number, "minItems": 1}]}


FITS = [
    ("fractional_max_pool", "formula", {"kernel": 2, "size": 8}, (9, 9, 9, 3), (8, 8, 8, 3)),
    ("fractional_max_pool", "pytorch", {"kernel": 2, "size": 8}, (3, 9, 9), (3, 8, 8)),
    ("fractional_max_pool", "pytorch", {"kernel": 2, "size": 7}, (3, 9, 9, 9), (3, 7, 7, 7)),
    ("fractional_max_pool", "formula", {"kernel": 3, "size": 1}, (3, 3, 2), (1, 1, 2)),
    ("avg_pool", "pytorch", {"kernel": 3}, (2, 3, 4, 5), (2, 1, 1, 1)),
    ("avg_pool", "pytorch", {"kernel": 4, "padding": 1}, (2, 3, 4), (2, 1, 1)),
    ("lp_pool", "pytorch", {"kernel": 3}, (2, 3, 4, 5), (2, 1, 1, 1)),
    # (W − 1)·S − P₀ − P₁ + F
    ("max_unpool", "formula", {"kernel": 3, "stride": 2, "padding": [[1, 0], [0, 2]]}, (4, 5, 2), (8, 9, 2)),
    ("max_unpool", "formula", {"kernel": 2, "stride": 3, "output_size": [12, 14]}, (4, 5, 2), (12, 14, 2)),
    ("max_unpool", "formula", {"kernel": 2, "stride": 3, "output_size": [13, 16]}, (4, 5, 2), (13, 16, 2)),
    ("max_unpool", "pytorch", {"kernel": 2, "stride": 3, "output_size": [10, 13]}, (2, 4, 5), (2, 10, 13)),
    ("max_unpool", "onnx", {"kernel": 2, "stride": 3, "output_size": [99, 99]}, (2, 4, 5), (2, 99, 99)),
]


@for_each("name, convention, fields, x, y", FITS)
def test_what_fits(name, convention, fields, x, y):
    layer = make(name, convention, **fields)
    assert layer.shape(x) == y
    assert layer.forward(np, np.ones((2, *x))).shape == (2, *y)


APART = "{} windows of {} cannot start at different positions of {}: {}"
REACHED = "output size {} cannot be reached: it must be {}"
REFUSED = [
    ("fractional_max_pool", "pytorch", {"kernel": 2, "size": 8}, (3, 9, 9, 9),
     APART.format(8, 2, 9, "PyTorch's FractionalMaxPool3d takes at most W − F = 7"), "size"),
    ("fractional_max_pool", "formula", {"kernel": 2, "size": 9}, (9, 9, 3), APART.format(9, 2, 9, "at most 8 can"),
     "size"),
    ("fractional_max_pool", "formula", {"kernel": 3, "size": 1}, (2, 2, 3), APART.format(1, 3, 2, "at most 0 can"),
     "kernel"),
    ("fractional_max_pool", "formula", {"kernel": 3, "size": 2}, (3, 3, 3), APART.format(2, 3, 3, "at most 1 can"),
     "size"),
    ("fractional_max_pool", "formula", {"kernel": 3, "ratio": 0.9}, (3, 3, 3), APART.format(2, 3, 3, "at most 1 can"),
     "ratio"),
    ("fractional_max_pool", "formula", {"kernel": 1, "ratio": 0.3}, (3, 3, 3),
     "an output of 0: the ratio of 3 is rounded down", "ratio"),
    ("avg_pool", "pytorch", {"kernel": [3, 4, 6], "padding": 1}, (2, 3, 4, 5),
     "PyTorch's AvgPool3d rejects kernel 6 on an input of 5, padded or not", "kernel"),
    ("lp_pool", "pytorch", {"kernel": 2, "padding": [[0, 1], [0, 0]]}, (2, 4, 6), "PyTorch's LPPool has no padding",
     "padding"),
    ("lp_pool", "pytorch", {"kernel": 2, "padding": [[0, 0], [1, 0]]}, (2, 4, 6), "PyTorch's LPPool has no padding",
     "padding"),
    # within a stride of the computed 3·3 + 2 = 11, and with the last window's first position
    ("max_unpool", "formula", {"kernel": 2, "stride": 3, "output_size": [9, 14]}, (4, 5, 2),
     REACHED.format(9, "between 10 and 13"), "output_size"),
    ("max_unpool", "formula", {"kernel": 2, "stride": 3, "output_size": [14, 14]}, (4, 5, 2),
     REACHED.format(14, "between 10 and 13"), "output_size"),
    ("max_unpool", "formula", {"kernel": 4, "stride": 3, "output_size": [10, 16]}, (4, 5, 2),
     REACHED.format(10, "between 11 and 15"), "output_size"),
    ("max_unpool", "formula", {"kernel": 2, "stride": 3, "padding": [[1, 0], 0], "output_size": [8, 14]}, (4, 5, 2),
     REACHED.format(8, "between 9 and 12"), "output_size"),
    ("max_unpool", "onnx", {"kernel": 2, "stride": 3, "output_size": [9, 14]}, (2, 4, 5),
     REACHED.format(9, "at least 10"), "output_size"),
    ("max_unpool", "onnx", {"kernel": 2, "stride": 2, "padding": [[0, 2], [0, 0]], "output_size": [8, 10]}, (2, 4, 5),
     "ONNX Runtime rejects padding 2 for kernel 2 here: without output_size the output would be 6", "padding"),
    ("max_unpool", "onnx", {"kernel": 2, "stride": 2, "padding": [[2, 0], [0, 0]], "output_size": [8, 10]}, (2, 4, 5),
     "ONNX Runtime rejects padding 2 for kernel 2 here: without output_size the output would be 6", "padding"),
]  # fmt: skip


@for_each("name, convention, fields, x, message, field", REFUSED)
def test_what_does_not_fit(name, convention, fields, x, message, field):
    with pytest.raises(Refusal) as refusal:
        make(name, convention, **fields).shape(x)
    assert (refusal.value.message, refusal.value.field) == (message, field)


def test_the_largest_padding_of_an_unpool():
    """A window of 3 that is padded by 2 keeps its first position."""
    assert make("max_unpool", kernel=3, stride=2, padding=[[0, 2], [0, 2]]).shape((4, 5, 2)) == (7, 9, 2)
    with pytest.raises(Refusal, match="padding 3 leaves no position for the last window of 3") as refusal:
        make("max_unpool", kernel=3, stride=2, padding=[[0, 3], [0, 0]]).shape((4, 5, 2))
    assert refusal.value.hint == "pad by at most 2"


def test_the_tensor_that_was_pooled():
    """With a word for the padding it sets the size, but not in ONNX, whose operator computes it."""
    assert make("max_unpool", kernel=2, stride=2, padding="same").shape((4, 3, 3), (7, 5, 3)) == (7, 5, 3)
    with pytest.raises(Refusal, match="cannot be inverted"):
        make("max_unpool", "onnx", kernel=2, stride=2, padding="same").shape((3, 4, 3), (3, 7, 5))
    with pytest.raises(Refusal, match="cannot be inverted"):
        make("max_unpool", kernel=2, stride=2, padding="same").shape((4, 3, 3))


def test_what_an_unpooled_position_may_hold():
    """Windows of 3 by twos: even positions lie in two of them, odd ones in one; of 4 by threes at most two."""
    layer = make("max_unpool", kernel=3, stride=2)
    assert layer.reach((4, 5, 2)) == (AxisTaps((range(-1, 1), range(1)), 1),) * 2
    assert layer.reach((4, 5, 2), (9, 11, 2)) == layer.windows((4, 5, 2), (9, 11, 2)) == ()
    wide = make("max_unpool", kernel=4, stride=3).windows((4, 5, 2))
    assert wide == (AxisWindow(2, 1, 1, 0, 13, 3), AxisWindow(2, 1, 1, 0, 16, 3))


def test_the_first_position_of_each_window():
    """Windows of 3 by twos, padded by 1, begin at −1, 1 and 3; the first one's first position on the map is 0."""
    y = make("max_unpool", kernel=3, stride=2, padding=1).forward(np, np.array([[[5.0], [6.0], [7.0]]]))
    assert y.reshape(-1).tolist() == [5, 6, 0, 7, 0]


@for_each(
    "word, kernel, dilation, padding", [("half", 5, 1, 2), ("full", 3, 1, 2), ("half", 3, 2, 2), ("full", 3, 2, 4)]
)
def test_words_of_padding_are_numbers(word, kernel, dilation, padding):
    """Half of the extent D(F − 1) + 1, rounded down, or all but one of it; `ceil` adds more, which does not count."""
    x = np.random.default_rng(1).standard_normal((1, 12, 13, 2))
    fields = {"kernel": kernel, "dilation": dilation, "stride": 3, "rounding": "ceil"}
    named, numbered = (make("avg_pool", padding=given, **fields).forward(np, x) for given in (word, padding))
    np.testing.assert_allclose(named, numbered, rtol=1e-12)


def test_the_mean_of_nothing():
    """Both taps of a window lie in the padding: ONNX Runtime gives 0, a mean of no numbers is none."""
    fields = {"kernel": 2, "dilation": 3, "padding": 1, "stride": 1, "count_include_pad": False}
    assert make("avg_pool", "onnx", **fields).forward(np, np.ones((1, 1, 2))).tolist() == [[[0]]]
    assert np.isnan(make("avg_pool", **fields).forward(np, np.ones((1, 2, 1)))).all()


def test_bins_of_a_map():
    """One bin is the whole map; one along an axis is not; bins of different sizes are no windows."""
    assert make("adaptive_avg_pool", size=1).reach((8, 9, 2)) == "whole"
    assert make("adaptive_avg_pool", size=[1, 3]).reach((8, 9, 2)) == (
        AxisTaps((range(8),), 8), AxisTaps((range(3),), 3),
    )  # fmt: skip
    assert make("adaptive_avg_pool", size=[2, 2]).reach((8, 4, 2)) == (
        AxisTaps((range(4),), 4), AxisTaps((range(2),), 2),
    )  # fmt: skip
    assert make("adaptive_avg_pool", size=4).windows((8, 9, 2)) == ()
    assert make("adaptive_avg_pool", size=[4, 3]).windows((8, 9, 2)) == (
        AxisWindow(2, 2, 0, 0, 4), AxisWindow(3, 3, 0, 0, 3),
    )  # fmt: skip
