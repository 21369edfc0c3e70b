"""Convolutions: the courses' and frameworks' shapes, parameters and work; values from PyTorch and Keras."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.arithmetic import notation
from cnncalc.arithmetic.term import Term
from cnncalc.diagnostics import Refusal
from cnncalc.layers import registry
from tests.kernels.number_making import squares
from tests.layers.layer_making import learned, make, run, unshared
from tests.together import for_each

# convention, input, fields, output, shared parameters
SHAPES = [
    ("formula", (32, 32, 3), {"filters": 20, "kernel": 8, "stride": 2, "padding": 1}, (14, 14, 20), 3860),  # the quiz
    ("tensorflow", (32, 32, 3), {"filters": 20, "kernel": 8, "stride": 2, "padding": "same"}, (16, 16, 20), 3860),
    ("tensorflow", (32, 32, 3), {"filters": 20, "kernel": 8, "stride": 2, "padding": "valid"}, (13, 13, 20), 3860),
    ("tensorflow", (10, 10, 3), {"filters": 64, "kernel": 5, "stride": 2, "padding": "same"}, (5, 5, 64), 4864),
    # CS231n, Spatial arrangement; Summary: (227 − 11)/4 + 1 = 55; slides: ten 5x5, pad 2, have 760 parameters
    ("formula", (7, 7, 1), {"filters": 1, "kernel": 3}, (5, 5, 1), 10),
    ("formula", (7, 7, 1), {"filters": 1, "kernel": 3, "stride": 2}, (3, 3, 1), 10),
    ("formula", (7, 7, 1), {"filters": 1, "kernel": 3, "stride": 3}, (2, 2, 1), 10),
    ("formula", (7, 7, 1), {"filters": 1, "kernel": 3, "padding": 1}, (7, 7, 1), 10),
    ("formula", (5, 1), {"filters": 1, "kernel": 3, "stride": 2, "padding": 1}, (3, 1), 4),
    ("formula", (5, 1), {"filters": 1, "kernel": 3, "padding": 1}, (5, 1), 4),
    ("formula", (227, 227, 3), {"filters": 96, "kernel": 11, "stride": 4}, (55, 55, 96), 34944),
    ("formula", (32, 32, 3), {"filters": 10, "kernel": 5, "padding": 2}, (32, 32, 10), 760),
    ("formula", (32, 32, 3), {"filters": 6, "kernel": 5}, (28, 28, 6), 456),
    ("formula", (5, 5, 1), {"filters": 1, "kernel": 3, "stride": 2}, (2, 2, 1), 10),
    # The Keras network of 93,322 parameters: 320, 18,496, 36,928
    ("keras", (28, 28, 1), {"filters": 32, "kernel": 3}, (26, 26, 32), 320),
    ("keras", (13, 13, 32), {"filters": 64, "kernel": 3}, (11, 11, 64), 18496),
    ("keras", (5, 5, 64), {"filters": 64, "kernel": 3}, (3, 3, 64), 36928),
    # PyTorch 2.13, nn.Conv1d, Conv2d, Conv3d
    ("pytorch", (6, 11, 13), {"filters": 4, "kernel": [3, 5], "stride": [2, 3], "padding": [1, 2], "groups": 2},
     (4, 6, 5), 184),
    ("pytorch", (3, 7), {"filters": 5, "kernel": 4, "dilation": 2, "padding": "same"}, (5, 7), 65),
    ("pytorch", (2, 5, 7, 11), {"filters": 3, "kernel": [1, 2, 3], "stride": 2}, (3, 3, 3, 5), 39),
    ("pytorch", (3, 1, 1), {"filters": 5, "kernel": 3, "padding": 1}, (5, 1, 1), 140),
    ("keras", (13, 3), {"filters": 5, "kernel": 3, "dilation": 2, "padding": "causal"}, (13, 5), 50),
    ("onnx", (3, 7, 11), {"filters": 5, "kernel": [2, 4], "padding": [[1, 0], [2, 1]]}, (5, 7, 11), 125),
    # The words: half is ⌊F′/2⌋ each side, full F′ − 1 (Dumoulin & Visin, sections 2.2 and 2.3)
    ("formula", (11, 13, 3), {"filters": 2, "kernel": 4, "padding": "half"}, (12, 14, 2), 98),
    ("formula", (11, 13, 3), {"filters": 2, "kernel": 3, "padding": "full"}, (13, 15, 2), 56),
    ("formula", (11, 13, 3), {"filters": 2, "kernel": 3, "padding": "full", "dilation": [2, 1]}, (15, 15, 2), 56),
    ("formula", (6, 6, 3), {"filters": 2, "kernel": 3, "stride": 2, "rounding": "ceil"}, (3, 3, 2), 56),
    ("keras", (6, 6, 3), {"filters": 2, "kernel": 3, "stride": 2, "rounding": "ceil", "padding": "valid"},
     (3, 3, 2), 56),
]  # fmt: skip


@for_each(("convention", "x", "fields", "y", "params"), SHAPES)
def test_shape_and_parameters(convention, x, fields, y, params):
    """The shape and the parameters are the source's, and a real array has that shape."""
    layer = make("conv", convention, **fields)
    assert layer.shape(x) == y
    assert learned(layer, x) == params
    assert run(layer, x).shape == (2, *y)


def test_quiz_counts():
    """3,860 shared parameters, 756,560 unshared, 196 times as many; the work of 14·14·20 windows of 8·8·3."""
    layer, x, y = make("conv", filters=20, kernel="8x8", stride=2, padding=1), (32, 32, 3), (14, 14, 20)
    assert (learned(layer, x), unshared(layer, x), unshared(layer, x) // learned(layer, x)) == (3860, 756560, 196)
    assert (layer.macs(x, y), layer.elementwise(x, y)) == (752640, 3920)


@pytest.mark.parametrize(
    ("x", "fields", "shared", "all_apart", "macs"),
    [
        ((11, 13, 6), {"filters": 4, "kernel": [3, 5], "groups": 2}, 184, 14904, 14580),  # (15·3 + 1)·4; ·9·9; 81·4·45
        ((11, 13, 6), {"filters": 4, "kernel": [3, 5], "bias": False}, 360, 29160, 29160),  # 15·6·4; no bias
        ((13, 3), {"filters": 5, "kernel": 7, "stride": 2}, 110, 440, 420),  # (7·3 + 1)·5; ·4; 4·5·21
    ],
)
def test_counts(x, fields, shared, all_apart, macs):
    """(ΠF·Cᵢ/g + b)·Cₒ, once or per output position; ΠO·Cₒ·ΠF·Cᵢ/g, biases apart."""
    layer = make("conv", **fields)
    y = layer.shape(x)
    assert (learned(layer, x), unshared(layer, x), layer.macs(x, y)) == (shared, all_apart, macs)
    assert layer.elementwise(x, y) == (np.prod(y) if fields.get("bias", True) else 0)


def test_by_hand():
    """[[1,0,1],[0,1,0],[1,0,1]] over a 5x5 of ones and zeros: the stepwise example of Stanford's UFLDL tutorial."""
    x = [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
    y = make("conv", filters=1, kernel=3, bias=False).forward(
        np, np.array(x, np.float32).reshape(1, 5, 5, 1),
        kernel=np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]], np.float32).reshape(3, 3, 1, 1),
    )  # fmt: skip
    assert y[0, :, :, 0].tolist() == [[4, 3, 4], [2, 4, 3], [2, 3, 4]]


# convention, input, fields, bias, values: torch.nn.functional.conv1d … conv3d, keras.layers.Conv1D and Conv2D.
VALUES = [
    ("pytorch", (2, 4, 5), {"filters": 2, "kernel": [3, 2], "stride": [1, 2], "padding": 1}, [100, -100],
     [[[108, 109, 105], [92, 115, 115], [127, 99, 115], [94, 128, 105]],
      [[-97, -56, -107], [-95, -108, -46], [-81, -87, -108], [-96, -92, -77]]]),
    ("pytorch", (4, 3, 3), {"filters": 6, "kernel": 2, "groups": 2}, None,
     [[[24, 8], [-12, 5]], [[13, 13], [-13, -18]], [[8, 24], [12, 5]],
      [[19, 26], [-2, 19]], [[24, 35], [5, 20]], [[9, 26], [-4, 5]]]),
    ("pytorch", (1, 11), {"filters": 2, "kernel": 3, "stride": 3, "padding": 2, "dilation": 2}, None,
     [[3, 11, 7, 14], [-14, 2, 0, 16]]),
    ("pytorch", (2, 3, 2, 3), {"filters": 1, "kernel": [2, 1, 3]}, [1], [[[[26], [20]], [[20], [26]]]]),
    ("keras", (5, 4, 1), {"filters": 2, "kernel": [2, 3], "stride": 2, "padding": "same"}, None,
     [[[31, 11], [-12, -5]], [[11, 31], [4, 2]], [[-4, -6], [4, 8]]]),
    ("keras", (5, 1), {"filters": 1, "kernel": 3, "padding": "causal"}, None, [[3], [14], [22], [7], [0]]),
]  # fmt: skip


@for_each(("convention", "x", "fields", "bias", "values"), VALUES)
def test_values(convention, x, fields, bias, values):
    """The numbers are the framework's, with shared weights and with one copy per position."""
    layer = make("conv", convention, **fields, bias=bias is not None)
    arrays = {"kernel": squares(*next(layer.weights(x, layer.shape(x))).shape, period=11)}
    if bias is not None:
        arrays["bias"] = np.array(bias, np.float32)
    y = layer.forward(np, squares(1, *x), **arrays)
    assert y[0].tolist() == values
    positions = layer.spatial(layer.shape(x))
    apart = {name: np.broadcast_to(array, (*positions, *array.shape)) for name, array in arrays.items()}
    assert layer.forward_untied(np, squares(1, *x), **apart)[0].tolist() == values


def test_untied_weights_are_used_apart():
    """Each position has its own kernel and bias: with kernel i and bias 10·i, position i of ones gives 3·i + 10·i."""
    layer = make("conv", filters=1, kernel=3)
    position = np.arange(4, dtype=np.float32)
    y = layer.forward_untied(
        np, np.ones((1, 6, 1), np.float32),
        kernel=np.broadcast_to(position.reshape(4, 1, 1, 1), (4, 3, 1, 1)), bias=10 * position.reshape(4, 1),
    )  # fmt: skip
    assert y.ravel().tolist() == [0, 13, 26, 39]


REFUSED = [
    ("formula", (5, 7, 3), {"filters": 2, "kernel": 11}, "kernel", "kernel 11 is larger than the input 5"),
    ("formula", (5, 7, 3), {"filters": 2, "kernel": [5, 3], "dilation": 2}, "kernel",
     "kernel 9 is larger than the input 5"),
    ("formula", (10, 10, 3), {"filters": 2, "kernel": 3, "stride": 2, "rounding": "exact"}, "stride",
     "(10 − 3 + 0)/2 + 1 = 4.5: the stride does not divide 7, remainder 1"),
    ("keras", (10, 10, 3), {"filters": 2, "kernel": 3, "stride": 2, "rounding": "exact", "padding": "valid"}, "stride",
     "(10 − 3 + 0)/2 + 1 = 4.5: the stride does not divide 7, remainder 1"),
    ("formula", (5, 7, 3), {"filters": 2, "kernel": 3, "groups": 2}, "groups",
     "3 input channels cannot be divided into 2 groups"),
    ("formula", (5, 7, 4), {"filters": 3, "kernel": 3, "groups": 2}, "groups",
     "3 filters cannot be divided into 2 groups"),
    ("formula", (5, 7, 3), {"filters": 2, "kernel": [3, 3, 3]}, "kernel", "3 values for an input with 2 spatial axes"),
    ("formula", (5, 7, 3), {"filters": 2, "kernel": 3, "padding": [1, 2, 3]}, "padding",
     "3 values for an input with 2 spatial axes"),
    ("formula", (5, 7, 3), {"filters": 2, "kernel": 3, "padding": "causal"}, "padding",
     'padding "causal" is for sequences, with 1 spatial axis; the input has 2'),
    ("pytorch", (3, 7), {"filters": 2, "kernel": 3, "stride": 2, "padding": "same"}, "padding",
     'PyTorch\'s padding "same" exists only for stride 1, got stride 2'),
    ("keras", (7, 3), {"filters": 2, "kernel": 3, "stride": 2, "dilation": 2}, "dilation",
     "Keras rejects a stride above 1 together with a dilation above 1"),
    ("formula", (13,), {"filters": 2, "kernel": 3}, None,
     "conv needs an input with 1 to 3 spatial axes and channels, got 13"),
    ("formula", (2, 3, 5, 7, 11), {"filters": 2, "kernel": 1}, None,
     "conv needs an input with 1 to 3 spatial axes and channels, got 2x3x5x7x11"),
]  # fmt: skip


@for_each(("convention", "x", "fields", "field", "message"), REFUSED)
def test_refused(convention, x, fields, field, message):
    """Numbers that cannot be are refused, with what was got and the field to blame."""
    with pytest.raises(Refusal) as refusal:
        make("conv", convention, **fields).shape(x)
    assert (refusal.value.message, refusal.value.field) == (message, field)


@for_each(
    ("word", "rank"),
    [("Conv2D", 2), ("nn.Conv1d", 1), ("Conv3d", 3), ("convolution", None), ("Convolution2D", 2), ("Conv", None)],
)
def test_foreign_names(word, rank):
    """The frameworks' spellings mean conv, and a suffix asserts the number of spatial axes."""
    assert registry.find(word) == (registry.load_all()["conv"], rank)


def test_it_is_traced():
    """On named numbers the rules yield the course's formulas."""
    x = (Term.leaf(32, "W"), Term.leaf(32, "W"), Term.leaf(3, "Cᵢ"))
    layer = make("conv", filters=20, kernel=8, stride=2, padding=1).traced(2)
    height, _, depth = layer.shape(x)
    assert notation.symbolic(height) == "⌊(W − F + 2·P)/S⌋ + 1"
    assert (height, depth.symbol) == (14, "Cₒ")
    kernel, bias = layer.weights(x, (14, 14, depth))
    assert (notation.symbolic(kernel.size), notation.symbolic(bias.size)) == ("F·F·Cᵢ·Cₒ", "Cₒ")
