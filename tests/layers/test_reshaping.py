"""Flatten, reshape, zero_pad, identity, dropout."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.arithmetic.term import Term
from cnncalc.diagnostics import Refusal
from cnncalc.layers import registry
from tests.layers.layer_making import learned, make, run
from tests.together import for_each

# convention, input, amount, output. Sources: the framework's own layer on that input.
PADDED = [
    ("formula", (5, 7, 3), 2, (9, 11, 3)),  # W + 2P
    ("keras", (5, 7, 3), [1, 2], (7, 11, 3)),  # ZeroPadding2D((1, 2))
    ("keras", (5, 7, 3), "1x2", (7, 11, 3)),
    ("keras", (5, 7, 3), [[1, 2], [3, 4]], (8, 14, 3)),  # ZeroPadding2D(((1, 2), (3, 4)))
    ("keras", (7, 3), [1, 2], (10, 3)),  # ZeroPadding1D((1, 2))
    ("pytorch", (3, 5, 7), [1, 2, 3, 4], (3, 12, 10)),  # ZeroPad2d((1, 2, 3, 4)): left, right, top, bottom
    ("pytorch", (3, 7), [1, 2], (3, 10)),  # ZeroPad1d((1, 2))
    ("pytorch", (3, 5, 7), [[3, 4], [1, 2]], (3, 12, 10)),
    ("onnx", (3, 5, 7), [1, 2, 3, 4], (3, 9, 13)),  # Pad, pads = top, left, bottom, right
    ("formula", (2, 5, 7, 3), [1, 0, [2, 3]], (4, 5, 12, 3)),
]


@for_each(("convention", "x", "amount", "y"), PADDED)
def test_zero_pad_sizes(convention, x, amount, y):
    """Every form of the amount means what the framework's own layer does with it, for rule and array alike."""
    layer = make("zero_pad", convention, amount=amount)
    assert layer.shape(x) == y
    out = run(layer, x)
    assert out.shape == (2, *y)
    assert out.sum() == 2 * np.prod(x)


def test_zero_pad_sides():
    """PyTorch's ZeroPad2d((1, 0, 0, 2)) on [[1, −2], [3, 5]]: one column before, two rows after."""
    y = make("zero_pad", "pytorch", amount=[1, 0, 0, 2]).forward(np, np.array([[[[1, -2], [3, 5]]]]))
    assert y[0, 0].tolist() == [[0, 1, -2], [0, 3, 5], [0, 0, 0], [0, 0, 0]]


def test_zero_pad_window():
    """Each output sees one input, the first of them `before` positions outside."""
    height, width = make("zero_pad", amount=[[1, 2], [3, 4]]).windows((5, 7, 3))
    assert height == (1, 1, 1, 2, 8, 1)
    assert width == (1, 1, 3, 4, 14, 1)


@pytest.mark.parametrize(
    ("convention", "shape", "amount", "message"),
    [
        ("formula", (7, 3), [1, 2], "2 values for an input with 1 spatial axis"),
        ("keras", (5, 7, 3), [1, 2, 3, 4], "4 values for an input with 2 spatial axes"),
        ("formula", (5, 7, 3), [[1, 2]], "1 values for an input with 2 spatial axes"),
        ("formula", (13,), 1, "zero_pad needs an input with 1 to 3 spatial axes and channels, got 13"),
    ],
)
def test_zero_pad_refuses(convention, shape, amount, message):
    """An amount that fits no axis is refused with the numbers."""
    with pytest.raises(Refusal) as refusal:
        make("zero_pad", convention, amount=amount).shape(shape)
    assert refusal.value.message == message


@pytest.mark.parametrize("amount", [[], "same", 1.5, [[1, 2, 3], 1], True])
def test_zero_pad_amount_is_read_strictly(amount):
    """Words, halves and triples are no amount."""
    with pytest.raises(Refusal):
        make("zero_pad", amount=amount)


def test_zero_pad_is_traced():
    """On terms, W + 2·P: the formula of the course."""
    x = (Term.leaf(5, "H"), Term.leaf(7, "W"), Term.leaf(3, "C"))
    height = make("zero_pad", amount=2).traced(2).shape(x)[0]
    assert (height, height.operator, height.parts[0].symbol, height.parts[1].operator) == (9, "+", "H", "*")


@pytest.mark.parametrize("shape", [(5, 7, 3), (13, 5), (11,), (2, 3, 5, 7)])
def test_flatten(shape):
    """One axis of all elements, in the order in which they were."""
    layer = make("flatten")
    x = np.arange(2 * np.prod(shape)).reshape(2, *shape)
    y = layer.forward(np, x)
    assert layer.shape(shape) == y.shape[1:] == (np.prod(shape),)
    assert y.ravel().tolist() == x.ravel().tolist()
    assert layer.windows(shape) == ("whole" if len(shape) > 1 else "pointwise")


@pytest.mark.parametrize(
    ("x", "target", "y"),
    [
        ((5, 7, 3), [3, -1], (3, 35)),  # keras.layers.Reshape((3, -1))
        ((784,), "28x28x1", (28, 28, 1)),
        ((5, 7, 3), [7, 15], (7, 15)),
        ((5, 7, 3), -1, (105,)),
        ((5, 7, 3), 105, (105,)),
    ],
)
def test_reshape(x, target, y):
    """The sizes are the target's, a −1 what is left for it."""
    layer = make("reshape", shape=target)
    assert layer.shape(x) == y == run(layer, x).shape[1:]
    assert list(layer.values()) == ["shape"]


@pytest.mark.parametrize(
    ("x", "target", "sight"), [((105,), [105], "pointwise"), ((105,), "5x7x3", "whole"), ((5, 7, 3), 105, "whole")]
)
def test_reshape_mixes_positions(x, target, sight):
    """Where axes come or go, an output no longer has a place of its own in the input."""
    assert make("reshape", shape=target).windows(x) == sight


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("7x13", "5x7x3 has 105 elements, but 7x13 has 91"),
        ("2x53", "5x7x3 has 105 elements, but 2x53 has 106"),
        ([11, -1], "5x7x3 has 105 elements, not divisible by 11: remainder 6"),
    ],
)
def test_reshape_refuses(target, message):
    """Sizes that do not hold all elements are refused with the numbers."""
    with pytest.raises(Refusal) as refusal:
        make("reshape", shape=target).shape((5, 7, 3))
    assert (refusal.value.message, refusal.value.field) == (message, "shape")


@pytest.mark.parametrize("target", [[-1, -1], [-3, 5], "axb", -2])
def test_reshape_target_is_read_strictly(target):
    """At most one −1, and no other size below 1."""
    with pytest.raises(Refusal):
        make("reshape", shape=target)


@for_each("name", ["identity", "dropout"])
@for_each("shape", [(5, 7, 3), (13, 5), (11,)])
def test_nothing_happens(name, shape):
    """At inference the input comes out as it is, at no cost."""
    layer = make(name)
    x = np.array([[np.nan, 1.5]])
    assert layer.forward(np, x) is x
    assert layer.shape(shape) == shape
    assert (learned(layer, shape), layer.macs(shape, shape), layer.elementwise(shape, shape)) == (0, 0, 0)


@pytest.mark.parametrize("rate", [1.5, -0.1, "half"])
def test_dropout_rate_is_a_share(rate):
    """A rate lies between 0 and 1."""
    with pytest.raises(Refusal):
        make("dropout", rate=rate)


@for_each(
    ("word", "name", "rank"),
    [
        ("ZeroPadding2D", "zero_pad", 2), ("nn.ZeroPad1d", "zero_pad", 1), ("Pad", "zero_pad", None),
        ("nn.Dropout", "dropout", None), ("SpatialDropout1D", "spatial_dropout", 1), ("Flatten", "flatten", None),
        ("nn.Identity", "identity", None), ("view", "reshape", None),
    ],
)  # fmt: skip
def test_foreign_names(word, name, rank):
    """The frameworks' spellings mean the canonical type, their suffix the number of axes."""
    assert registry.find(word) == (registry.load_all()[name], rank)
