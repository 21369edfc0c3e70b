"""The frameworks' default numbers of normalizations, values beyond the usual exponents, hints, and reaches."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.arithmetic.taps import SAME_PLACE, throughout
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.layers.normalization._normalization import Normalization
from tests.layers.layer_making import make
from tests.together import for_each

# keras.layers.*.epsilon, torch.nn.*.eps (RMSNorm: torch.finfo(float32).eps), ONNX's attribute epsilon
EPSILONS = [
    ("batch_norm layer_norm group_norm instance_norm frozen_batch_norm", "keras tensorflow", 1e-3),
    ("batch_norm layer_norm group_norm instance_norm frozen_batch_norm", "formula pytorch onnx caffe", 1e-5),
    ("rms_norm", "keras tensorflow", 1e-6),
    ("rms_norm", "pytorch", 1.1920928955078125e-07),
    ("rms_norm", "formula onnx", 1e-5),
]


@for_each("names, conventions, epsilon", EPSILONS)
def test_default_epsilons(names: str, conventions: str, epsilon: float) -> None:
    for name in names.split():
        for convention in conventions.split():
            layer = make(name, convention)
            assert isinstance(layer, Normalization)
            assert layer.added() == epsilon
            given = make(name, convention, epsilon=0.5)
            assert isinstance(given, Normalization)
            assert given.added() == 0.5


# convention, fields, size, bias + factor·Σx² to the power: Krizhevsky et al. 2012, tf.nn.local_response_normalization,
# torch.nn.LocalResponseNorm, ONNX LRN, caffe.proto's LRNParameter
NEIGHBOURS = [
    ("formula", {}, 5, 2.0, 1e-4, 0.75),
    ("tensorflow", {}, 11, 1.0, 1.0, 0.5),
    ("keras", {}, 11, 1.0, 1.0, 0.5),
    ("pytorch", {"size": 5}, 5, 1.0, 1e-4 / 5, 0.75),
    ("onnx", {"size": 5}, 5, 1.0, 1e-4 / 5, 0.75),
    ("caffe", {}, 5, 1.0, 1 / 5, 0.75),
    # given numbers replace them
    ("tensorflow", {"depth_radius": 1, "bias": 3, "alpha": 0.25, "beta": 2}, 3, 3.0, 0.25, 2.0),
    ("caffe", {"size": 3, "bias": 3, "alpha": 0.25, "beta": 2}, 3, 3.0, 0.25 / 3, 2.0),
]


@for_each("convention, fields, size, bias, factor, power", NEIGHBOURS)
def test_default_neighbours(convention, fields, size, bias, factor, power):
    """Of 13 channels of 10, the middle one sees `size` squares of 100, the first one those on one side."""
    layer = make("local_response_norm", convention, **fields)
    shape = (1, 13, 1, 1) if layer.setting.layout == "CHW" else (1, 1, 1, 13)
    y = layer.forward(np, np.full(shape, 10.0)).reshape(-1)
    assert y[6] == pytest.approx(10 / (bias + factor * 100 * size) ** power, rel=1e-9)
    assert y[0] == pytest.approx(10 / (bias + factor * 100 * (size // 2 + 1)) ** power, rel=1e-9)
    sequence = layer.forward(np, np.full((2, 13, 1) if layer.setting.layout == "CHW" else (2, 1, 13), 10.0))
    assert sequence.reshape(2, 13).tolist() == [y.tolist()] * 2
    assert layer.elementwise((13, 1, 1), (13, 1, 1)) == (size + 4) * 13


@for_each("convention", ["pytorch", "onnx"])
def test_neighbours_have_no_default_number(convention):
    with pytest.raises(Refusal, match="the size is missing") as refusal:
        make("local_response_norm", convention).shape((3, 5, 7))
    assert refusal.value.hint == "give size: 5, as AlexNet does"


ROWS = np.array([[[1, -2, 3, 0.5], [0, 4, -1, 2]]])


def test_norms_of_other_exponents():
    """Cubes of 1, 2, 3 and 1/2 are 36.125 together, and of 4, 1 and 2 are 73: torch.linalg.vector_norm(x, 3)."""
    y = make("unit_norm", "pytorch", axis=-1, order=3).forward(np, ROWS)
    expected = ROWS[0] / [[36.125 ** (1 / 3)], [73 ** (1 / 3)]]
    np.testing.assert_allclose(y[0], expected, rtol=1e-12)


def test_short_vectors_are_divided_by_epsilon():
    """max(0.5, 2): F.normalize(x, eps=2)."""
    y = make("unit_norm", "pytorch", axis=-1, epsilon=2).forward(np, np.array([[[0.3, -0.4]]]))
    np.testing.assert_allclose(y[0], [[0.15, -0.2]], rtol=1e-12)


MOVING = {"mean": 1, "variance": 3, "scale": 2, "shift": 0.5}


@for_each("name, expected", [("frozen_batch_norm", 6.5), ("batch_norm", 6.5), ("instance_norm", 6.5)])
def test_moving_statistics(name, expected):
    """(7 − 1)/√(3 + 1)·2 + 0.5, by hand."""
    fields = {} if name == "frozen_batch_norm" else {"track_running_stats": True}
    arrays = {key: np.array([value], np.float32) for key, value in MOVING.items()}
    y = make(name, "pytorch", epsilon=1, **fields).forward(np, np.full((2, 1, 3), 7, np.float32), **arrays)
    assert y.tolist() == [[[expected] * 3]] * 2


def test_no_deviation_is_below_keras_epsilon():
    """A variance of 0 divides by 1e-7, as keras.layers.Normalization does."""
    y = make("standardization", "keras", mean=1, variance=0).forward(np, np.array([[2.0, 1.0]]))
    np.testing.assert_allclose(y, [[1e7, 0]], rtol=1e-6)
    assert make("standardization", "keras", mean=1, variance=0, invert=True).forward(
        np, np.array([[1e7]])
    ).tolist() == [[pytest.approx(2)]]


@for_each(
    "channels, groups, hint",
    [
        (12, 5, "12 is divided by 1, 2, 3, 4, 6, 12"),
        (36, 5, "36 is divided by 1, 2, 3, 4, 6, 9, 12, 18, 36"),
        (7, 5, "7 is divided by 1, 7"),
        (262_144, 5, "262144 is divided by " + ", ".join(str(2**power) for power in range(19))),
        (240, 7, ""),  # 20 divisors are too many for a hint
        (999_983, 5, "999983 is divided by 1, 999983"),
        (1_000_001, 5, ""),  # 101·9901: listing the divisors of larger numbers takes long
    ],
)
def test_hints_of_divisors(channels, groups, hint):
    with pytest.raises(Refusal) as refusal:
        make("group_norm", groups=groups).shape((5, 7, channels))
    assert refusal.value.hint == hint


HINTS = [
    ("onnx", "layer_norm", {"axis": [2, 3]}, (5, 7, 3), "axis: 2"),
    ("keras", "layer_norm", {"axis": [1, -1]}, (5, 7, 3), "count all axes from 1: [1, 3]"),
    ("pytorch", "layer_norm", {"normalized_shape": 5}, (7, 3), "write 3"),
    ("pytorch", "layer_norm", {"normalized_shape": [5, 3]}, (5, 7, 3), "write 7x3"),
    ("pytorch", "layer_norm", {"normalized_shape": [2, 7, 3]}, (7, 3), "remove normalized_shape for the last axis"),
    ("onnx", "local_response_norm", {"size": 4}, (3, 5, 7), "use 3 or 5"),
]


@for_each("convention, name, fields, shape, hint", HINTS)
def test_hints(convention, name, fields, shape, hint):
    with pytest.raises(Refusal) as refusal:
        make(name, convention, **fields).shape(shape)
    assert refusal.value.hint == hint


ACCEPTED = [
    ("pytorch", "layer_norm", {"normalized_shape": [7, 3]}, (7, 3)),
    ("keras", "layer_norm", {"axis": [-2, -1]}, (5, 7, 3)),
    ("keras", "layer_norm", {"axis": [1, 3]}, (5, 7, 3)),
    ("keras", "rms_norm", {"axis": [2, 3]}, (5, 7, 3)),
    ("pytorch", "instance_norm", {}, (3, 2, 1)),
    ("pytorch", "instance_norm", {"track_running_stats": True}, (3, 1, 1)),
    ("formula", "instance_norm", {}, (1, 1, 3)),
    ("caffe", "local_response_norm", {"size": 3}, (3, 5, 7)),
    ("pytorch", "local_response_norm", {"size": 4}, (3, 5, 7)),
    ("formula", "local_response_norm", {}, (13,)),
    ("tensorflow", "local_response_norm", {"size": 4}, (5, 7, 3)),
    ("onnx", "local_response_norm", {"depth_radius": 0}, (3, 5, 7)),
    ("formula", "group_norm", {"groups": 1}, (5, 7, 3)),
    ("keras", "rescaling", {"scale": [2]}, (5, 7, 3)),
    ("keras", "rescaling", {"scale": 2, "offset": 1}, ()),
]


@for_each("convention, name, fields, shape", ACCEPTED)
def test_what_fits(convention, name, fields, shape):
    layer = make(name, convention, **fields)
    assert layer.shape(shape) == shape


REACHES = [
    # a row of 13 has its own statistics; so have an image, and a position with its features
    ("pytorch", "layer_norm", {}, (5, 7, 13), (SAME_PLACE, throughout(13))),
    ("formula", "layer_norm", {"axis": 1}, (5, 7, 13), (throughout(5), SAME_PLACE)),
    ("formula", "layer_norm", {"axis": [1, 2]}, (5, 7, 13), "whole"),
    ("formula", "layer_norm", {"axis": [1, 3]}, (5, 7, 13), (throughout(5), SAME_PLACE)),
    ("formula", "layer_norm", {}, (5, 7, 13), "pointwise"),
    # one position along an axis is the whole of it
    ("formula", "layer_norm", {"axis": 1}, (1, 7, 13), (SAME_PLACE, SAME_PLACE)),
    ("formula", "batch_norm", {"track_running_stats": False, "axis": 2}, (5, 7, 13), (throughout(5), SAME_PLACE)),
    ("formula", "batch_norm", {"track_running_stats": False}, (5, 7, 13), "whole"),
]


@for_each("convention, name, fields, shape, reach", REACHES)
def test_reaches(convention, name, fields, shape, reach):
    assert make(name, convention, **fields).reach(shape) == reach


@for_each(
    "name, fields, field",
    [
        ("layer_norm", {"affine": False}, "affine"),
        ("layer_norm", {"scale": False}, "scale"),
        ("instance_norm", {"affine": True, "shift": False}, "shift"),
        ("batch_norm", {"shift": False}, "shift"),
        ("rms_norm", {"scale": False}, "scale"),
    ],
)
def test_the_field_that_onnx_refuses(name, fields, field):
    """Its operators always have a scale, and most a shift."""
    with pytest.raises(Refusal) as refusal:
        make(name, "onnx", **fields).shape((3, 5, 7))
    assert refusal.value.field == field


def test_windows_of_normalized_rows():
    """Each of 13 positions of a row sees all 13: a window of 25 that moves by one."""
    windows = make("layer_norm", "pytorch").windows((5, 7, 13))
    assert windows == (AxisWindow(1, 1, 0, 0, 7), AxisWindow(25, 1, 12, 12, 13))


def test_channels_of_a_batch_are_apart():
    """1 and 3, and 10 and 30, are one deviation from their means; the last axis has the channels."""
    x = np.array([[[1.0, 10.0]], [[3.0, 30.0]]])
    layer = make("batch_norm", track_running_stats=False, affine=False, epsilon=0)
    np.testing.assert_allclose(layer.forward(np, x), [[[-1, -1]], [[1, 1]]], rtol=1e-12)
    own = make("instance_norm", affine=False, epsilon=0)
    np.testing.assert_allclose(own.forward(np, x.swapaxes(0, 1)), [[[-1, -1], [1, 1]]], rtol=1e-12)


def test_a_number_is_rescaled():
    """3·2 + 1, for a sample that is one number."""
    assert make("rescaling", scale=2, offset=1).forward(np, np.array([3.0, 0.0])).tolist() == [7, 1]


@for_each("given, missing", [("mean", "variance"), ("variance", "mean")])
def test_both_statistics_are_given(given, missing):
    with pytest.raises(Refusal) as refusal:
        make("standardization", "keras", **{given: 1}).shape((5, 7, 3))
    assert (refusal.value.message, refusal.value.field) == (f"the {missing} is missing", missing)


def test_a_bias_along_another_axis():
    """One number for each of 5 rows, which 7·3 positions share."""
    layer = make("bias_add", axis=1)
    (bias,) = layer.weights((5, 7, 3), (5, 7, 3))
    assert (bias.shape, bias.size, bias.unshared_size) == ((5,), 5, 105)
    y = layer.forward(np, np.zeros((2, 5, 7, 3)), bias=np.arange(5.0))
    assert (y == np.arange(5.0)[:, None, None]).all()


@for_each(
    "fields, per_element",
    [
        ({}, 7), ({"scale": True, "affine": False}, 5), ({"affine": False}, 5), ({"shift": False}, 6),
        ({"track_running_stats": True, "affine": False}, 2),
    ],
)  # fmt: skip
def test_work_of_instance_norm(fields, per_element):
    """Five for the statistics, one each for scale and shift; two where both are moving numbers."""
    assert make("instance_norm", **fields).elementwise((5, 7, 13), (5, 7, 13)) == per_element * 455
