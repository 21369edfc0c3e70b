"""Dense layers under every convention: shapes, weights, work, values."""

from __future__ import annotations

import numpy as np

from cnncalc.arithmetic.term import Term
from cnncalc.layers import registry
from tests.layers.layer_making import learned, make, run, unshared
from tests.together import for_each

# convention, input, output, shared, unshared, MACs of 11 units with a bias.
COUNTS = [
    ("formula", (13,), (11,), 154, 154, 143),
    ("formula", (5, 7, 3), (11,), 1166, 1166, 1155),  # (5·7·3 + 1)·11
    ("formula", (7, 3), (11,), 242, 242, 231),  # (7·3 + 1)·11
    ("caffe", (3, 5, 7), (11,), 1166, 1166, 1155),  # InnerProduct, axis 1
    ("onnx", (3, 5, 7), (11,), 1166, 1166, 1155),  # Flatten, Gemm
    ("keras", (13,), (11,), 154, 154, 143),  # keras.layers.Dense(11): 154
    ("keras", (5, 7, 3), (5, 7, 11), 44, 1540, 1155),  # Keras: 5x7x11, 44; unshared 44·5·7
    ("tensorflow", (7, 3), (7, 11), 44, 308, 231),
    ("pytorch", (13,), (11,), 154, 154, 143),
    ("pytorch", (5, 7), (5, 11), 88, 440, 385),  # nn.Linear(7, 11) on a sequence of 5: 88
]


@for_each(("convention", "x", "y", "shared", "all_apart", "macs"), COUNTS)
def test_counts(convention, x, y, shared, all_apart, macs):
    """Shape, parameters and multiply–accumulates are the framework's; the bias adds one operation an output."""
    layer = make("dense", convention, units=11)
    assert layer.shape(x) == y
    assert (learned(layer, x), unshared(layer, x), layer.macs(x, y)) == (shared, all_apart, macs)
    assert layer.elementwise(x, y) == np.prod(y)


@for_each(("convention", "x", "y"), [row[:3] for row in COUNTS])
@for_each("bias", [True, False])
def test_array_agrees(convention, x, y, bias):
    """On ones, every output is the number of inputs that its unit sees, plus the bias."""
    layer = make("dense", convention, units=11, bias=bias)
    out = run(layer, x)
    seen = layer.macs(x, y) // int(np.prod(y))
    assert out.shape == (2, *y)
    assert (out == seen + bias).all()


def test_without_bias():
    """Without a bias only the kernel is learned, and only multiply–accumulates are counted."""
    layer = make("dense", "keras", units=11, bias=False)
    assert learned(layer, (7, 3)) == 33  # keras.layers.Dense(11, use_bias=False).count_params()
    assert layer.elementwise((7, 3), (7, 11)) == 0


def test_values_by_hand():
    """[1, 2]·[[1, 3], [10, 5]] + [100, 200] = [121, 213]."""
    y = make("dense", units=2).forward(
        np, np.array([[1, 2]]), kernel=np.array([[1, 3], [10, 5]]), bias=np.array([100, 200])
    )
    assert y.tolist() == [[121, 213]]


@for_each(
    ("x", "y", "params"),
    [
        # torch.nn.Linear(x[-1], 8) on a batch of x: (*x[:-1], 8)
        ((100, 100, 3), (100, 100, 8), 32),
        ((16, 5, 5), (16, 5, 8), 48),
        ((7, 3, 5, 2), (7, 3, 5, 8), 24),
        ((2, 3, 4, 5, 6), (2, 3, 4, 5, 8), 56),
        ((49, 96), (49, 8), 776),
        ((96,), (8,), 776),
    ],
)
def test_pytorch_acts_on_the_last_axis_of_any_rank(x, y, params):
    """Linear reads the last axis; the positions before it share the weights."""
    layer = make("dense", "pytorch", units=8)
    assert (layer.shape(x), learned(layer, x)) == (y, params)
    assert run(layer, x).shape[1:] == y


@for_each(
    ("convention", "layout", "shape", "sight"),
    [
        ("formula", None, (13,), "pointwise"),
        ("formula", None, (5, 7, 3), "whole"),
        ("keras", None, (5, 7, 3), "pointwise"),
        ("keras", "CHW", (3, 5), "whole"),  # the last axis is the positions
        ("pytorch", None, (5, 7), "whole"),
        ("pytorch", None, (16, 5, 5), ()),  # one of two spatial axes, and none of the other
    ],
)
def test_what_a_unit_sees(convention, layout, shape, sight):
    """A unit sees the whole volume, or one position where it reads the channels alone."""
    assert make("dense", convention, layout, units=11).windows(shape) == sight


def test_counts_are_traced():
    """On terms, the parameters are H·W·C·units + units, by those names."""
    x = (Term.leaf(5, "H"), Term.leaf(7, "W"), Term.leaf(3, "C"))
    layer = make("dense", units=11).traced(2)
    kernel, bias = layer.weights(x, layer.shape(x))
    inputs, units = kernel.shape
    assert (inputs, inputs.operator, units.symbol, bias.shape[0].symbol) == (105, "*", "units", "units")
    assert layer.macs(x, layer.shape(x)).operator == "*"


@for_each("word", ["fc", "Linear", "nn.Linear", "Gemm", "fully_connected", "InnerProduct", "Dense"])
def test_foreign_names(word):
    """The frameworks' spellings mean dense."""
    assert registry.find(word) == (registry.load_all()["dense"], None)
