"""Activations along an axis: those that change its size, the one left unsaid, and PReLU's slopes along several."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.layers import keeping
from tests.layers.layer_making import learned, make, run, unshared
from tests.together import for_each


@for_each(
    ("name", "convention", "fields", "shape", "expected"),
    [
        ("glu", "formula", {}, (5, 7, 6), (5, 7, 3)),
        ("glu", "keras", {}, (5, 7, 6), (5, 7, 3)),  # keras.activations.glu
        ("glu", "pytorch", {}, (3, 5, 22), (3, 5, 11)),  # nn.GLU(): the last axis, not the channels
        ("glu", "pytorch", {"axis": 1}, (6, 5, 7), (3, 5, 7)),  # nn.GLU(1)
        ("glu", "pytorch", {"axis": "channels"}, (6, 5, 7), (3, 5, 7)),
        ("glu", "keras", {"axis": 1}, (10, 7, 3), (5, 7, 3)),
        ("glu", "caffe", {}, (6, 5, 7), (3, 5, 7)),
        ("crelu", "tensorflow", {}, (5, 7, 3), (5, 7, 6)),  # tf.nn.crelu
        ("crelu", "tensorflow", {"axis": 2}, (5, 7, 3), (5, 14, 3)),  # tf.nn.crelu(axis=2)
        ("crelu", "pytorch", {}, (3, 5, 7), (6, 5, 7)),
        ("maxout", "formula", {"pieces": 3}, (5, 7, 12), (5, 7, 4)),
        ("maxout", "formula", {"units": 3}, (5, 7, 12), (5, 7, 3)),  # tfa.layers.Maxout(3)
        ("maxout", "pytorch", {"pieces": 2}, (22, 5, 7), (11, 5, 7)),
        ("maxout", "formula", {"pieces": 5, "axis": "height"}, (35, 11, 2), (7, 11, 2)),
        ("maxout", "formula", {"pieces": 5, "units": 48}, (240,), (48,)),  # the paper: 240 units in pieces of 5
    ],
)
def test_axes_that_change(name, convention, fields, shape, expected):
    """The rule and the array agree about the axis that is halved, doubled or divided; no weights."""
    layer = make(name, convention, **fields)
    assert layer.shape(shape) == expected == run(layer, shape).shape[1:]
    assert learned(layer, shape) == 0


@pytest.mark.parametrize(
    ("name", "fields", "shape", "operations"),
    [
        ("glu", {}, (5, 7, 6), 210),  # 105 outputs, a sigmoid and a product each
        ("crelu", {}, (5, 7, 3), 210),  # one for each of twice 105
        ("maxout", {"pieces": 3}, (5, 7, 12), 280),  # 140 outputs, 2 comparisons each
        ("maxout", {"units": 2}, (5, 7, 12), 350),  # 70 outputs, 5 comparisons each
        ("maxout", {"pieces": 1}, (5, 7, 12), 0),
    ],
)
def test_work_of_axes_that_change(name, fields, shape, operations):
    """What each output costs."""
    layer = make(name, **fields)
    assert layer.elementwise(shape, layer.shape(shape)) == operations


def test_maxout_takes_neighbours():
    """Output u is the largest of the inputs 3u, 3u+1, 3u+2: a pool along the channels."""
    x = np.array([[1, 9, 2, 8, 3, 7, -4, -5, -6.0]])
    np.testing.assert_array_equal(make("maxout", pieces=3).forward(np, x), [[9, 8, -4]])
    np.testing.assert_array_equal(make("maxout", units=3).forward(np, x), [[9, 8, -4]])


@pytest.mark.parametrize(
    ("name", "fields", "sight"),
    [
        ("glu", {}, "pointwise"),
        ("glu", {"axis": "height"}, ()),  # two places far apart
        ("crelu", {"axis": "width"}, ()),
        ("maxout", {"pieces": 2}, "pointwise"),
        ("maxout", {"pieces": 2, "axis": "height"}, ((2, 2, 0, 0, 3, 1), (1, 1, 0, 0, 5, 1))),  # a 2x1 pool, stride 2x1
    ],
)
def test_what_axes_that_change_see(name, fields, sight):
    """Along the channels each position is alone; along the height, maxout is a pool."""
    assert make(name, **fields).windows((6, 5, 4)) == sight


@pytest.mark.parametrize("axis", ["height", 2])
def test_maxout_along_an_axis_of_channels_first(axis):
    layer = make("maxout", layout="CHW", pieces=2, axis=axis)
    assert layer.windows((4, 6, 5)) == ((2, 2, 0, 0, 3, 1), (1, 1, 0, 0, 5, 1))


@pytest.mark.parametrize("fields", [{"slope": 0.5}, {"threshold": 1}, {"max_value": 6}])
def test_the_output_of_a_plain_relu_tells_its_slope(fields):
    """A zero had no slope. PyTorch keeps the input of leaky_relu, threshold and hardtanh, and the output of relu."""
    assert make("relu").kept((7,), (7,)) == keeping.OUTPUT
    assert make("relu", **fields).kept((7,), (7,)) == keeping.INPUTS


@for_each(
    ("name", "convention", "expected"),
    [
        ("softmax", "onnx", 3),  # ONNX: axis is -1
        ("log_softmax", "onnx", 3),
        ("hardmax", "onnx", 3),
        ("softmax", "pytorch", 1),  # nn.Softmax() on a batch of images: dim 1
        ("softmin", "pytorch", 1),
        ("softmax2d", "pytorch", 1),
        ("softmax2d", "keras", 3),
        ("sparsemax", "keras", 3),
        ("softmax", "caffe", 1),
        ("softmax", "tensorflow", 3),
    ],
)
def test_the_axis_that_is_left_unsaid(name, convention, expected):
    """The channels compete, but under ONNX the last axis does."""
    x = np.random.default_rng(0).normal(size=(2, 5, 7, 3)).astype(np.float32)
    y = make(name, convention).forward(np, x)
    total = np.exp(y) if name == "log_softmax" else y
    assert [axis for axis in (1, 2, 3) if np.allclose(total.sum(axis=axis), 1)] == [expected]


@for_each(
    ("convention", "fields", "shape", "shared", "all_apart"),
    [
        ("keras", {"shared_axes": [1, 2]}, (5, 7, 3), 3, 105),  # keras: weights of shape (1, 1, 3)
        ("keras", {"shared_axes": 1}, (5, 7, 3), 21, 105),  # (1, 7, 3)
        ("keras", {"shared_axes": [2, 3]}, (5, 7, 3), 5, 35),  # (5, 1, 1)
        ("keras", {"shared_axes": [1, 2, 3]}, (5, 7, 3), 1, 35),
        ("pytorch", {"num_parameters": 3}, (3, 5, 7), 3, 105),  # nn.PReLU(3)
        ("pytorch", {"num_parameters": 1}, (3, 5, 7), 1, 35),
        ("caffe", {"channel_shared": True}, (3, 5, 7), 1, 35),
        ("caffe", {"channel_shared": False}, (3, 5, 7), 3, 105),
        ("onnx", {"slope_shape": [3, 1, 1]}, (3, 5, 7), 3, 105),
        ("onnx", {"slope_shape": 7}, (3, 5, 7), 7, 35),  # aligned at the last axis: one for each column
        ("onnx", {"slope_shape": [5, 7]}, (3, 5, 7), 35, 35),
        ("onnx", {"slope_shape": 1}, (3, 5, 7), 1, 35),
    ],
)
def test_prelu_in_each_framework_s_form(convention, fields, shape, shared, all_apart):
    """The slopes as each framework writes them."""
    layer = make("prelu", convention, **fields)
    assert (learned(layer, shape), unshared(layer, shape)) == (shared, all_apart)
    assert run(layer, shape).shape[1:] == shape == layer.shape(shape)


def test_prelu_slopes_align_at_the_last_axis():
    """ONNX' slopes of shape [2] on channels x width belong to the columns, not to the channels."""
    x = np.array([[[-1.0, -1.0], [-1.0, 2.0]]])
    layer = make("prelu", "onnx", slope_shape=2)
    (weight,) = layer.weights((2, 2), (2, 2))
    y = layer.forward(np, x, slope=np.array([0.5, 0.25]).reshape(weight.shape))
    np.testing.assert_array_equal(y, [[[-0.5, -0.25], [-0.5, 2]]])


def test_glu_tells_of_its_axis():
    """Where nn.GLU() halves the width, the derivation says so."""
    assert make("glu", "pytorch").remarks((3, 5, 22), (3, 5, 11))
    assert not make("glu", "pytorch", axis=1).remarks((6, 5, 7), (3, 5, 7))
    assert not make("glu", "pytorch").remarks((6,), (3,))
