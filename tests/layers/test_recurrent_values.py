"""Recurrent layers on 7 steps of 13 features: work, views, merged directions and hints, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.arithmetic.taps import AxisTaps, throughout
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from tests.layers.layer_making import make, unshared
from tests.together import for_each

SEQUENCE = (7, 13)

# name, convention, fields, multiply–accumulates and other operations of a step
WORK = [
    # (13 + 11)·11 products for each gate; gates·biases + 9, 8 or 1 operations for each of 11 units
    ("lstm", "formula", {}, 4 * 264, 13 * 11),
    ("lstm", "pytorch", {}, 4 * 264, 17 * 11),
    ("lstm", "formula", {"bias": False}, 4 * 264, 9 * 11),
    ("gru", "formula", {}, 3 * 264, 11 * 11),
    ("gru", "keras", {}, 3 * 264, 14 * 11),
    ("gru", "keras", {"bias": False}, 3 * 264, 8 * 11),
    ("rnn", "formula", {}, 264, 2 * 11),
    ("rnn", "pytorch", {}, 264, 3 * 11),
    # both directions, whose sum is one operation more for each unit
    ("lstm", "formula", {"bidirectional": True}, 2 * 4 * 264, 2 * 13 * 11),
    ("lstm", "formula", {"bidirectional": True, "merge": "sum"}, 2 * 4 * 264, 2 * 13 * 11 + 11),
    ("rnn", "formula", {"merge": "sum"}, 264, 2 * 11),
    # a second layer reads the 11 or 22 features of the first one
    ("rnn", "formula", {"layers": 2}, 264 + 22 * 11, 2 * 2 * 11),
    ("rnn", "formula", {"layers": 2, "bidirectional": True}, 2 * (264 + 33 * 11), 2 * 2 * 2 * 11),
    ("rnn", "formula", {"layers": 2, "bidirectional": True, "merge": "ave"}, 2 * (264 + 22 * 11), 2 * (2 * 22 + 11)),
    # a peephole is a product and a sum for each of three gates
    ("lstm", "formula", {"peepholes": True}, 4 * 264, 13 * 11 + 6 * 11),
    ("lstm", "formula", {"peepholes": True, "bidirectional": True}, 2 * 4 * 264, 2 * 19 * 11),
    ("lstm", "formula", {"peepholes": True, "layers": 2}, 4 * (264 + 242), 2 * 19 * 11),
]  # fmt: skip


@for_each("name, convention, fields, macs, others", WORK)
def test_work_of_steps(name, convention, fields, macs, others):
    layer = make(name, convention, units=11, **fields)
    y = layer.shape(SEQUENCE)
    assert (layer.macs(SEQUENCE, y), layer.elementwise(SEQUENCE, y)) == (7 * macs, 7 * others)


def test_weights_of_steps():
    """Without sharing each of 7 steps has its 264 + 11 numbers."""
    assert unshared(make("rnn", units=11), SEQUENCE) == 7 * 275


BEFORE, ALL = AxisWindow(7, 1, 6, 0, 7), AxisWindow(13, 1, 6, 6, 7)
VIEWS = [
    ("formula", {}, "whole"),
    ("formula", {"return_sequences": True}, (BEFORE,)),
    ("formula", {"return_sequences": True, "bidirectional": True}, (ALL,)),
    ("formula", {"bidirectional": True}, "whole"),
    ("pytorch", {}, "whole"),  # the steps are where channels are
    ("pytorch", {"bidirectional": True}, "whole"),
]


@for_each("name", ["rnn", "gru", "lstm"])
@for_each("convention, fields, view", VIEWS)
def test_views_of_steps(name, convention, fields, view):
    """A step reads those up to its own, 7 at most; with both directions all."""
    layer = make(name, convention, units=3, **fields)
    assert layer.windows(SEQUENCE) == view
    reaches = {(ALL,): (throughout(7),), (BEFORE,): (AxisTaps((range(-6, 1),), 1),)}
    assert layer.reach(SEQUENCE) == reaches.get(view, "whole")


ONE, TWO = np.tanh([1.0, 2.0, 3.0]), np.tanh([2.0, 4.0, 6.0])


@for_each(
    "merge, expected",
    [
        ("concat", np.stack([ONE, TWO], axis=-1)), ("sum", (ONE + TWO)[:, None]),
        ("multiply", (ONE * TWO)[:, None]), ("mul", (ONE * TWO)[:, None]),
        ("average", ((ONE + TWO) / 2)[:, None]), ("ave", ((ONE + TWO) / 2)[:, None]),
    ],
)  # fmt: skip
def test_values_of_merged_directions(merge, expected):
    """Kernels of 1 forwards and 2 backwards, no state: tanh(x) and tanh(2x) at every step."""
    layer = make("rnn", units=1, bias=False, bidirectional=True, merge=merge, return_sequences=True)
    weights = {"kernel": 1.0, "recurrent": 0.0, "kernel_back": 2.0, "recurrent_back": 0.0}
    arrays = {name: np.array([[value]]) for name, value in weights.items()}
    y = layer.forward(np, np.array([[[1.0], [2.0], [3.0]]]), **arrays)
    np.testing.assert_allclose(y, [expected], rtol=1e-12)


VIDEO = (3, 7, 11, 2)
# 3 steps of 6×9 outputs of 5 filters: 4 gates of 2·3 taps over 2 + 5 channels; 13 operations, 9 without biases
EACH = 3 * 54 * 5
CONVOLVED = [
    ({}, EACH * 168, EACH * 13),
    ({"bias": False}, EACH * 168, EACH * 9),
    ({"return_sequences": True}, EACH * 168, EACH * 13),
    ({"bidirectional": True}, 2 * EACH * 168, 2 * EACH * 13),
    ({"bidirectional": True, "merge": "sum"}, 2 * EACH * 168, 2 * EACH * 13 + 54 * 5),
    ({"bidirectional": True, "merge": "sum", "return_sequences": True}, 2 * EACH * 168, 2 * EACH * 13 + EACH),
]


@for_each("fields, macs, others", CONVOLVED)
def test_work_of_convolved_steps(fields, macs, others):
    layer = make("conv_lstm", filters=5, kernel=[2, 3], **fields)
    y = layer.shape(VIDEO)
    assert (layer.macs(VIDEO, y), layer.elementwise(VIDEO, y)) == (macs, others)


def test_work_of_convolved_steps_with_channels_first():
    layer = make("conv_lstm", layout="CHW", filters=5, kernel=[2, 3])
    assert layer.macs((3, 2, 7, 11), (5, 6, 9)) == EACH * 168


def test_convolved_directions_are_in_the_order_of_the_sequence():
    """Turned steps and exchanged weights give the turned output."""
    layer = make(
        "conv_lstm", filters=2, kernel=3, padding="same", bidirectional=True, merge="sum", return_sequences=True
    )
    random = np.random.default_rng(1)
    x = random.standard_normal((1, 4, 5, 3))
    weights = {one.name: random.standard_normal(one.shape) for one in layer.weights(x.shape[1:], (4, 5, 2))}
    exchanged = {name.removesuffix("_back") if "back" in name else f"{name}_back": weights[name] for name in weights}
    y, turned = layer.forward(np, x, **weights), layer.forward(np, x[:, ::-1], **exchanged)
    np.testing.assert_allclose(turned, y[:, ::-1], rtol=1e-9)
    assert not np.allclose(y, y[:, ::-1])


def test_weights_of_convolved_steps():
    """240 + 600 + 20 numbers for each of 3 steps and 54 positions, whether or not all steps are returned."""
    for fields in ({}, {"return_sequences": True}):
        assert unshared(make("conv_lstm", filters=5, kernel=[2, 3], **fields), VIDEO) == 860 * 3 * 54


HINTS = [
    ("lstm", (5, 7, 3), "reshape it first: rows of an image can be the steps"),
    ("lstm", (7,), ""),
    ("lstm", (2, 5, 7, 3), ""),
    ("lstm_cell", (7, 13), "use lstm for a whole sequence"),
    ("gru_cell", (7, 13), "use gru for a whole sequence"),
    ("rnn_cell", (5, 7, 3), "flatten it first"),
    ("rnn_cell", (), "flatten it first"),
]


@for_each("name, x, hint", HINTS)
def test_hints(name, x, hint):
    with pytest.raises(Refusal) as refusal:
        make(name, units=3).shape(x)
    assert refusal.value.hint == hint


@for_each("x, hint", [((7, 3), "put the number of steps first in the shape"), ((2, 3, 4, 5, 6, 7), "")])
def test_hints_of_conv_lstm(x, hint):
    with pytest.raises(Refusal, match="conv_lstm needs a sequence of images") as refusal:
        make("conv_lstm", filters=3, kernel=1).shape(x)
    assert refusal.value.hint == hint


def test_videos_of_one_to_three_axes():
    layer = make("conv_lstm", filters=3, kernel=1)
    assert [layer.shape((2, *(5, 6, 7)[:axes], 4)) for axes in (1, 2, 3)] == [(5, 3), (5, 6, 3), (5, 6, 7, 3)]


def test_projections():
    """PyTorch's `proj_size=0` is none; a projection has fewer features than the state."""
    field = make("lstm", units=11).fields["projection"]
    assert (field.parse(0), field.parse(5)) == (None, 5)
    for value in (False, True, -1):
        with pytest.raises(Refusal):
            field.parse(value)
    assert make("lstm", "pytorch", units=11, projection=10).shape(SEQUENCE) == (7, 10)
    with pytest.raises(Refusal) as refusal:
        make("lstm", "pytorch", units=11, projection=11).shape(SEQUENCE)
    assert refusal.value.hint == "use at most 10"


def test_work_of_masking():
    """A comparison and a product for each of 7·13 features."""
    assert make("masking").elementwise(SEQUENCE, SEQUENCE) == 182
