"""A window that slides along one axis, as torch.Tensor.unfold has it."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.analysis.analyze import analyze
from cnncalc.diagnostics import Refusal
from tests.layers.layer_making import make, run
from tests.together import for_each

SHAPES = [
    # input, axis, size, step, and torch.zeros(1, *input).unfold(axis, size, step).shape without the batch
    ((10, 64), 1, 4, 2, (4, 64, 4)),
    ((10, 64), 2, 16, 16, (10, 4, 16)),
    ((3, 8, 9), 2, 3, 1, (3, 6, 9, 3)),
    ((3, 8, 9), -1, 4, 3, (3, 8, 2, 4)),
    ((7,), 1, 7, 5, (1, 7)),
]


@for_each(("x", "axis", "size", "step", "y"), SHAPES)
@for_each("convention", ["pytorch", "formula"])
def test_windows_along_one_axis(convention, x, axis, size, step, y):
    """The axis counts windows; a new last axis holds each of them."""
    layer = make("unfold", convention, kernel=size, axis=axis, stride=step)
    assert layer.shape(x) == y
    assert run(layer, x).shape[1:] == y


def test_values_by_hand():
    """[0 … 5] in windows of 3 by steps of 2: [0, 1, 2] and [2, 3, 4]."""
    y = make("unfold", "pytorch", kernel=3, axis=1, stride=2).forward(np, np.arange(6)[None])
    assert y.tolist() == [[[0, 1, 2], [2, 3, 4]]]


@pytest.mark.parametrize(("x", "axis", "size", "step", "y"), SHAPES)
def test_values_are_pytorchs(x, axis, size, step, y):
    """Number by number, where PyTorch is installed."""
    torch = pytest.importorskip("torch")
    array = np.random.default_rng(1).random((2, *x), dtype=np.float32)
    mine = make("unfold", "pytorch", kernel=size, axis=axis, stride=step).forward(np, array)
    np.testing.assert_array_equal(mine, torch.tensor(array).unfold(axis, size, step).numpy())


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kernel": 9, "axis": 1}, "kernel 9 is larger than the input 8"),
        ({"kernel": 3, "axis": 4}, "8x9x3 has no axis 4"),
        ({"kernel": 3, "axis": 1, "padding": 1}, "has no padding"),
        ({"kernel": 3, "axis": 1, "dilation": 2}, "has no dilation"),
        ({"kernel": [3, 3], "axis": 1}, "one size and one step"),
    ],
)
def test_refused(fields, message):
    """Tensor.unfold has one size and one step, and a window must fit."""
    with pytest.raises(Refusal, match=message):
        make("unfold", **fields).shape((8, 9, 3))


def test_the_field_of_a_sequence() -> None:
    """A window of 3 with steps of 2 along a sequence; along an axis by name the positions are not followed."""
    report = analyze("7x3 -> unfold 3 s2").layers[0]
    assert (report.receptive_field, report.effective_stride) == ((3,), (2,))
    report = analyze("7x3 -> unfold 3 s2 axis=1").layers[0]
    assert (report.receptive_field, report.output_shape) == (None, (3, 3, 3))
