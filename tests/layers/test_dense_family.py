"""Layers like a dense one: bilinear forms, restricted Boltzmann machines, highways."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.diagnostics import Refusal
from cnncalc.layers import registry
from tests.layers.layer_making import learned, make, run, unshared


@pytest.mark.parametrize(
    ("convention", "bias", "one", "other", "y", "params", "all_apart", "macs"),
    [
        ("pytorch", True, (3,), (5,), (7,), 112, 112, 140),  # nn.Bilinear(3, 5, 7): 112; 7·(3 + 1)·5
        ("pytorch", False, (3,), (5,), (7,), 105, 105, 140),
        ("pytorch", True, (11, 3), (11, 5), (11, 7), 112, 1232, 1540),
        ("keras", True, (11, 2, 3), (11, 2, 5), (11, 2, 7), 112, 2464, 3080),
    ],
)
def test_bilinear(convention, bias, one, other, y, params, all_apart, macs):
    """A weight for every pair of features, which the positions share."""
    layer = make("bilinear", convention, units=7, bias=bias)
    assert layer.shape(one, other) == y
    found = learned(layer, one, other), unshared(layer, one, other), layer.macs(one, other, y)
    assert found == (params, all_apart, macs)
    assert layer.elementwise(one, other, y) == (np.prod(y) if bias else 0)
    assert (run(layer, one, other) == 15 + bias).all()  # 3·5 products of ones


def test_values_of_bilinear():
    """[1, 2]·[[1, 3], [10, 5]]·[1, 100] = 21 + 13·100, and the bias 7."""
    kernel = np.array([[[1], [3]], [[10], [5]]])
    y = make("bilinear", units=1).forward(np, np.array([[1, 2]]), np.array([[1, 100]]), kernel=kernel, bias=[7])
    assert y.tolist() == [[1328]]


@pytest.mark.parametrize(
    ("layout", "one", "sight"), [("HWC", (11, 3), "pointwise"), ("CHW", (11, 3), "whole"), ("CHW", (3,), "pointwise")]
)
def test_what_bilinear_sees(layout, one, sight):
    """The last axis is a spatial one where channels come first."""
    assert make("bilinear", layout=layout, units=7).windows(one, one) == sight


@pytest.mark.parametrize(
    ("x", "hidden", "params", "macs"),
    [
        ((784,), 500, 393284, 392000),  # 784·500 + 784 + 500
        ((13,), 7, 111, 91),
        ((5, 3), 7, 127, 105),  # the whole input is visible: 15·7 + 15 + 7
    ],
)
def test_rbm(x, hidden, params, macs):
    """visible·hidden + visible + hidden parameters, none shared; a bias and a sigmoid per hidden unit."""
    layer = make("rbm", hidden=hidden)
    assert layer.shape(x) == (hidden,)
    assert (learned(layer, x), unshared(layer, x), layer.macs(x, (hidden,))) == (params, params, macs)
    assert layer.elementwise(x, (hidden,)) == 2 * hidden
    assert layer.windows(x) == ("whole" if len(x) > 1 else "pointwise")
    assert run(layer, x).shape == (2, hidden)


def test_values_of_rbm():
    """P(h = 1) is the sigmoid of 1·2 + 0·5 and of 1·−1.5 + 0·5 + 0.5; the visible biases play no part."""
    y = make("rbm", hidden=2, visible=2).forward(
        np, np.array([[1, 0]]), kernel=np.array([[2, -1.5], [5, 5]]), hidden_bias=np.array([0, 0.5]),
        visible_bias=np.array([100, 100]),
    )  # fmt: skip
    assert y[0] == pytest.approx([0.8807971, 0.2689414])


@pytest.mark.parametrize(
    ("bias", "x", "params", "all_apart", "macs", "others"),
    [
        (True, (50,), 5100, 5100, 5000, 400),  # 2·(50² + 50)
        (False, (50,), 5000, 5000, 5000, 300),
        (True, (7, 12), 312, 2184, 2016, 672),  # 2·(144 + 12), at 7 positions
    ],
)
def test_highway(bias, x, params, all_apart, macs, others):
    """Transform and gate are dense layers as wide as the input."""
    layer = make("highway", bias=bias)
    assert layer.shape(x) == x
    assert (learned(layer, x), unshared(layer, x)) == (params, all_apart)
    assert (layer.macs(x, x), layer.elementwise(x, x)) == (macs, others)
    assert run(layer, x).shape == (2, *x)


HIGHWAY = {
    "transform_kernel": [[1, 2], [3, 4]], "transform_bias": [4, 9], "gate_kernel": [[0.5, -1], [1, 0.25]],
    "gate_bias": [0.5, -1],
}  # fmt: skip


@pytest.mark.parametrize(
    ("transform", "expected"),
    [
        # x = (1, −2): transformed (−1, 3), gate the sigmoid of (−1, −2.5) = (0.26894, 0.07586)
        ("relu", [0.7310586, -1.6207090]),  # 0.73106·1; 0.07586·3 − 0.92414·2
        ("linear", [0.4621172, -1.6207090]),  # 0.26894·−1 + 0.73106·1
        ("tanh", [0.5262344, -1.7728006]),  # tanh(−1) = −0.76159, tanh(3) = 0.99505
        ("sigmoid", [0.8033881, -1.7760231]),  # 0.26894, 0.95257
    ],
)
def test_values_of_highway(transform, expected):
    """T·H + (1 − T)·x; the first row is PyTorch's of the same operations."""
    weights = {name: np.array(values, np.float32) for name, values in HIGHWAY.items()}
    y = make("highway", transform=transform).forward(np, np.array([[1, -2]], np.float32), **weights)
    assert y[0] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("name", "fields", "inputs", "message"),
    [
        ("bilinear", {"units": 7}, [(11, 3), (13, 5)], "11x3 and 13x5 may differ only in the last axis"),
        ("bilinear", {"units": 7}, [(11, 3), (5,)], "11x3 and 5 may differ only in the last axis"),
        ("rbm", {"hidden": 7, "visible": 12}, [(13,)], "12 visible units, but the input 13 has 13 elements"),
    ],
)
def test_refused(name, fields, inputs, message):
    """What cannot be computed is refused with the numbers that do not fit."""
    with pytest.raises(Refusal, match=message):
        make(name, **fields).shape(*inputs)


@pytest.mark.parametrize(
    ("word", "name"), [("nn.Bilinear", "bilinear"), ("BernoulliRBM", "rbm"), ("Highway", "highway")]
)
def test_foreign_names_of_the_dense_family(word, name):
    """The frameworks' spellings are found."""
    assert registry.find(word) == (registry.load_all()[name], None)
