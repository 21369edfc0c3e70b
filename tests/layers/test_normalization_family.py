"""Layer, group, instance, local response, RMS and unit normalization; batch normalization's other forms."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.diagnostics import Refusal
from cnncalc.layers import registry
from tests.layers.layer_making import learned, make, run, statistics, unshared
from tests.together import for_each


@for_each(
    ("convention", "name", "fields", "shape", "trained", "moving"),
    [
        # Keras 3: count_params() and the sum of trainable_weights
        ("keras", "batch_norm", {}, (5, 7, 13), 26, 26),
        ("keras", "batch_norm", {"axis": 1}, (5, 7, 13), 10, 10),
        ("keras", "batch_norm", {"renorm": True}, (5, 7, 13), 26, 65),
        ("keras", "layer_norm", {}, (5, 7, 13), 26, 0),
        ("keras", "layer_norm", {"axis": [1, 2]}, (5, 7, 13), 70, 0),
        ("keras", "layer_norm", {"shift": False}, (5, 7, 13), 13, 0),
        ("keras", "group_norm", {}, (5, 7, 64), 128, 0),
        ("keras", "group_norm", {"groups": 5, "axis": 1}, (5, 7, 13), 10, 0),
        ("keras", "rms_norm", {}, (11, 13), 13, 0),
        ("keras", "unit_norm", {}, (13,), 0, 0),
        ("keras", "rescaling", {"scale": 2}, (5, 7, 3), 0, 0),
        ("keras", "standardization", {}, (5, 7, 13), 0, 27),
        ("keras", "standardization", {"axis": [1, 2]}, (5, 7, 13), 0, 71),
        ("keras", "standardization", {"mean": 1, "variance": 2}, (5, 7, 13), 0, 0),
        # PyTorch 2: parameters(), and buffers() without num_batches_tracked
        ("pytorch", "batch_norm", {}, (13, 5, 7), 26, 26),
        ("pytorch", "batch_norm", {"track_running_stats": False}, (13, 5, 7), 26, 0),
        ("pytorch", "layer_norm", {"normalized_shape": 13}, (5, 7, 13), 26, 0),
        ("pytorch", "layer_norm", {"normalized_shape": "7x13"}, (5, 7, 13), 182, 0),
        ("pytorch", "layer_norm", {"shift": False}, (5, 7, 13), 13, 0),
        ("pytorch", "layer_norm", {"affine": False}, (5, 7, 13), 0, 0),
        ("pytorch", "rms_norm", {"normalized_shape": 13}, (5, 7, 13), 13, 0),
        ("pytorch", "rms_norm", {"scale": False}, (5, 7, 13), 0, 0),
        ("pytorch", "group_norm", {"groups": 3}, (12, 5, 7), 24, 0),
        ("pytorch", "group_norm", {"groups": 3, "affine": False}, (12, 5, 7), 0, 0),
        ("pytorch", "instance_norm", {}, (13, 5, 7), 0, 0),
        ("pytorch", "instance_norm", {"affine": True}, (13, 5, 7), 26, 0),
        ("pytorch", "instance_norm", {"track_running_stats": True}, (13, 5, 7), 0, 26),
        ("pytorch", "instance_norm", {"scale": True}, (13, 5, 7), 13, 0),
        ("pytorch", "frozen_batch_norm", {}, (13, 5, 7), 0, 52),  # torchvision.ops: four buffers
        ("pytorch", "local_response_norm", {"size": 5}, (13, 5, 7), 0, 0),
        ("pytorch", "unit_norm", {}, (13, 5, 7), 0, 0),
        # ONNX: the operators' inputs
        ("onnx", "layer_norm", {}, (5, 7, 13), 26, 0),
        ("onnx", "layer_norm", {"axis": 2}, (5, 7, 13), 182, 0),  # from that axis to the last
        ("onnx", "layer_norm", {"shift": False}, (5, 7, 13), 13, 0),
        ("onnx", "instance_norm", {}, (13, 5, 7), 26, 0),
        ("formula", "instance_norm", {}, (5, 7, 13), 26, 0),
        ("formula", "instance_norm", {"affine": False}, (5, 7, 13), 0, 0),
        ("formula", "frozen_batch_norm", {}, (5, 7, 13), 0, 52),
        ("formula", "local_response_norm", {}, (5, 7, 13), 0, 0),
        ("formula", "rescaling", {"scale": [1, 2, 3], "offset": -1}, (5, 7, 3), 0, 0),
    ],
)
def test_weights(convention, name, fields, shape, trained, moving):
    """The learned numbers and the statistics are the framework's; the shape is unchanged, in the forward pass too."""
    layer = make(name, convention, **fields)
    assert (learned(layer, shape), statistics(layer, shape)) == (trained, moving)
    assert layer.shape(shape) == shape == run(layer, shape).shape[1:]


def test_batch_norm_counts_in_each_framework():
    """64 channels: 128 learned, 128 statistics, which Keras calls parameters; frozen, all 256 are buffers."""
    for convention in ("keras", "pytorch", "onnx", "formula"):
        layer = make("batch_norm", convention)
        shape = layer.setting.volume((7, 7), 64)
        assert (learned(layer, shape), statistics(layer, shape)) == (128, 128)
        assert layer.setting.convention.statistics_are_params == (convention == "keras")
        frozen = make("frozen_batch_norm", convention)
        assert (learned(frozen, shape), statistics(frozen, shape)) == (0, 256)


@for_each(
    ("convention", "name", "fields", "shape", "expected"),
    [
        ("formula", "batch_norm", {"axis": "height"}, (5, 7, 13), 2 * 5 * 7 * 13),
        ("formula", "layer_norm", {}, (5, 7, 13), 2 * 13 * 5 * 7),
        ("formula", "layer_norm", {"axis": [1, 2]}, (5, 7, 13), 2 * 5 * 7 * 13),
        ("pytorch", "layer_norm", {"normalized_shape": [5, 7, 13]}, (5, 7, 13), 2 * 5 * 7 * 13),
        ("pytorch", "rms_norm", {}, (11, 13), 11 * 13),
        ("pytorch", "group_norm", {"groups": 2}, (12, 5, 7), 2 * 12 * 5 * 7),
        ("onnx", "instance_norm", {}, (12, 5, 7), 2 * 12 * 5 * 7),
    ],
)
def test_unshared_weights(convention, name, fields, shape, expected):
    """Scale and shift at every position: one pair for each element, two where both are learned."""
    assert unshared(make(name, convention, **fields), shape) == expected


ROWS = np.array([[[1, -2, 3, 0.5], [0, 4, -1, 2]]], np.float32)
"""A batch of one: 2 positions of 4 features in HWC, 2 channels of 4 positions in CHW."""

LAYER = [[0.210558, -1.473909, 1.333536, -0.070186], [-0.650944, 1.432076, -1.171699, 0.390566]]
WHOLE = [[0.033278, -1.56406, 1.09817, -0.232945], [-0.499168, 1.630616, -1.031614, 0.565724]]
ACROSS = [[0.998006, -0.999944, 0.999875, -0.999112], [-0.998006, 0.999944, -0.999875, 0.999112]]
MEAN_SQUARE = [[0.529813, -1.059626, 1.589439, 0.264906], [0, 1.745743, -0.436436, 0.872871]]
UNIT = [[0.264906, -0.529813, 0.794719, 0.132453], [0, 0.872872, -0.218218, 0.436436]]
LENGTH_1 = [[0.153846, -0.307692, 0.461538, 0.076923], [0, 0.571429, -0.142857, 0.285714]]


@for_each(
    ("convention", "name", "fields", "expected"),
    [
        ("pytorch", "layer_norm", {"normalized_shape": 4}, LAYER),
        ("pytorch", "layer_norm", {"normalized_shape": [2, 4]}, WHOLE),
        ("onnx", "layer_norm", {"axis": 1}, WHOLE),
        ("keras", "layer_norm", {"axis": 1}, ACROSS),
        (
            "keras", "layer_norm", {},
            [[0.210526, -1.473679, 1.333328, -0.070175], [-0.650856, 1.431884, -1.171541, 0.390514]],
        ),
        ("pytorch", "group_norm", {"groups": 1}, WHOLE),
        (
            "keras", "group_norm", {"groups": 2},
            [[0.115458, -1.270035, 1.23691, -0.412303], [-0.346373, 1.500951, -1.401831, 0.577225]],
        ),
        ("keras", "group_norm", {"groups": -1}, ACROSS),
        ("pytorch", "instance_norm", {}, LAYER),
        ("pytorch", "rms_norm", {}, MEAN_SQUARE),
        ("keras", "rms_norm", {}, MEAN_SQUARE),
        ("keras", "unit_norm", {}, UNIT),
        (
            "keras", "unit_norm", {"axis": [1, 2]},
            [[0.16843, -0.336861, 0.505291, 0.084215], [0, 0.673722, -0.16843, 0.336861]],
        ),
        ("pytorch", "unit_norm", {}, [[1, -0.447214, 0.948683, 0.242536], [0, 0.894427, -0.316228, 0.970143]]),
        ("pytorch", "unit_norm", {"axis": -1, "order": 1}, LENGTH_1),
        ("onnx", "unit_norm", {"order": 1}, LENGTH_1),
        ("keras", "rescaling", {"scale": 0.5, "offset": -1}, [[-0.5, -2, 0.5, -0.75], [-1, 1, -1.5, 0]]),
        (
            "formula", "rescaling", {"scale": "1/2", "offset": [-1, -1, -1, -1]},
            [[-0.5, -2, 0.5, -0.75], [-1, 1, -1.5, 0]],
        ),
        ("pytorch", "rescaling", {"scale": [2, -1]}, [[2, -4, 6, 1], [0, -4, 1, -2]]),  # by hand: two channels
        (
            "keras", "standardization", {"mean": [1, 2, 3, 4], "variance": [1, 4, 9, 16]},
            [[0, -2, 0, -0.875], [-1, 1, -1.333333, -0.5]],
        ),
        ("keras", "standardization", {"mean": 2, "variance": 4, "invert": True}, [[4, -2, 8, 3], [2, 10, 0, 6]]),
    ],
)  # fmt: skip
def test_values(convention, name, fields, expected):
    """What PyTorch 2.13, Keras 3.15 and ONNX Runtime 1.32 print for the same rows, with scale 1 and shift 0."""
    layer = make(name, convention, **fields)
    weights = {
        weight.name: np.full(weight.shape, weight.name != "shift", np.float32)
        for weight in layer.weights(ROWS.shape[1:], ROWS.shape[1:])
    }
    np.testing.assert_allclose(layer.forward(np, ROWS, **weights)[0], expected, atol=3e-6)


def test_scale_and_shift_of_instance_norm():
    """ONNX Runtime's InstanceNormalization with scale 2 and −1, shift 0.5 and 3."""
    scale, shift = np.array([2, -1], np.float32), np.array([0.5, 3], np.float32)
    y = make("instance_norm", "onnx").forward(np, ROWS, scale=scale, shift=shift)
    expected = [[0.921117, -2.447818, 3.167073, 0.359628], [3.650944, 1.567924, 4.171698, 2.609434]]
    np.testing.assert_allclose(y[0], expected, atol=3e-6)


def test_untracked_batch_norm_takes_the_statistics_of_its_batch():
    """nn.BatchNorm1d(2, track_running_stats=False).eval() on the rows and on their negative half."""
    layer = make("batch_norm", "pytorch", track_running_stats=False, affine=False)
    y = layer.forward(np, np.concatenate([ROWS, -ROWS / 2]))
    expected = [[0.568577, -1.453031, 1.916316, 0.231643], [-0.175142, 2.066677, -0.735597, 0.945767]]
    np.testing.assert_allclose(y[0], expected, atol=3e-6)
    np.testing.assert_allclose(y[1, 0], [-0.442227, 0.568577, -1.116096, -0.273759], atol=3e-6)


def test_frozen_batch_norm_is_batch_norm_at_inference():
    """(7 − 1)/√4·2 + 0.5 = 6.5 with an epsilon of 0, by hand."""
    numbers = {"scale": 2, "shift": 0.5, "mean": 1, "variance": 4}
    arrays = {name: np.array([value], np.float32) for name, value in numbers.items()}
    y = make("frozen_batch_norm", "pytorch", epsilon=0).forward(np, np.full((1, 1, 2), 7, np.float32), **arrays)
    assert y.tolist() == [[[6.5, 6.5]]]


MEANS = [[0.479207, -0.544546, 0.844933, 0.174064], [0, 0.964114, -0.210224, 0.958415]]
SUMS = [[0.260847, -0.262399, 0.409035, 0.087282], [0, 0.457726, -0.098443, 0.521695]]


@for_each(
    ("convention", "fields", "expected"),
    [
        ("pytorch", {"size": 3, "alpha": 1.0}, MEANS),
        ("onnx", {"size": 3, "alpha": 1.0}, MEANS),
        ("caffe", {"size": 3}, MEANS),  # its alpha is 1 and divided by the size
        ("tensorflow", {"depth_radius": 1, "beta": 0.75}, SUMS),
        ("formula", {"size": 3, "alpha": 1, "bias": 1}, SUMS),
        (
            "pytorch", {"size": 2, "alpha": 1.0},  # an even window begins before the middle
            [[0.737788, -0.78159, 0.66195, 0.136892], [0, 0.7698, -0.184802, 0.78159]],
        ),
        (
            "tensorflow", {},
            [[0.256074, -0.512148, 0.768221, 0.128037], [0, 0.852803, -0.213201, 0.426401]],
        ),
    ],
)  # fmt: skip
def test_alpha_of_local_response_norm(convention, fields, expected):
    """PyTorch, ONNX and Caffe divide alpha by the size, TensorFlow does not: each with the values it prints."""
    layer = make("local_response_norm", convention, **fields)
    channels_first = layer.setting.layout == "CHW"
    x = ROWS.transpose(0, 2, 1)[..., None] if channels_first else ROWS[:, :, None]
    y = layer.forward(np, x)
    rows = y[0, :, :, 0].T if channels_first else y[0, :, 0]
    np.testing.assert_allclose(rows, expected, atol=3e-6)


@for_each(
    ("name", "fields", "per_element"),
    [
        ("batch_norm", {}, 2),
        ("batch_norm", {"track_running_stats": False, "shift": False}, 6),
        ("frozen_batch_norm", {}, 2),
        ("layer_norm", {}, 7),
        ("layer_norm", {"affine": False}, 5),
        ("group_norm", {"groups": 13}, 7),
        ("instance_norm", {"track_running_stats": True}, 2),
        ("rms_norm", {}, 4),
        ("unit_norm", {}, 3),
        ("local_response_norm", {"size": 5}, 9),
        ("rescaling", {"scale": 2}, 1),
        ("rescaling", {"scale": 2, "offset": -1}, 2),
        ("standardization", {}, 2),
    ],
)
def test_operations_per_element(name, fields, per_element):
    """What each class says that it counts, on 5·7·13 = 455 elements."""
    shape = (5, 7, 13)
    assert make(name, **fields).elementwise(shape, shape) == per_element * 455


@for_each(
    ("name", "convention", "fields", "sees"),
    [
        ("batch_norm", "formula", {}, "pointwise"),
        ("batch_norm", "formula", {"track_running_stats": False}, "whole"),
        ("layer_norm", "formula", {}, "pointwise"),
        ("layer_norm", "formula", {"axis": [1, 2]}, "whole"),
        ("group_norm", "formula", {"groups": 13}, "whole"),
        ("instance_norm", "formula", {}, "whole"),
        ("instance_norm", "formula", {"track_running_stats": True}, "pointwise"),
        ("unit_norm", "pytorch", {}, "pointwise"),
        ("rms_norm", "pytorch", {"normalized_shape": "7x13"}, "whole"),
    ],
)
def test_receptive_field(name, convention, fields, sees):
    """Statistics of the sample's positions come from all of them; moving ones, and those of features, do not."""
    assert make(name, convention, **fields).windows((5, 7, 13)) == sees


def test_layer_norm_of_a_channels_first_image_sees_its_row():
    """The last axis is the width there, 13: one row high, and from end to end."""
    height, width = make("layer_norm", "pytorch").windows((5, 7, 13))
    assert (height.extent, width.extent, width.before, width.after) == (1, 25, 12, 12)


@for_each(
    ("convention", "name", "fields", "shape", "code", "message"),
    [
        ("pytorch", "group_norm", {"groups": 5}, (12, 5, 7), "E305", "12 channels cannot be divided into 5 groups"),
        ("keras", "group_norm", {}, (5, 7, 12), "E305", "12 channels cannot be divided into 32 groups"),
        ("pytorch", "group_norm", {}, (12, 5, 7), "E304", "the number of groups is missing"),
        ("pytorch", "group_norm", {"groups": -1}, (12, 5, 7), "E204", "-1 groups: at least 1"),
        ("keras", "group_norm", {"groups": 0}, (5, 7, 12), "E204", "0 groups: at least 1"),
        (
            "pytorch",
            "layer_norm",
            {"normalized_shape": 5},
            (7, 3),
            "E308",
            "normalized_shape is 5, but the input 7x3 ends in 3",
        ),
        (
            "pytorch",
            "layer_norm",
            {"normalized_shape": [2, 7, 3]},
            (7, 3),
            "E308",
            "normalized_shape is 2x7x3, but the input 7x3 has 2 axes",
        ),
        ("keras", "layer_norm", {"axis": 4}, (5, 7, 3), "E303", "5x7x3 has no axis 4"),
        ("keras", "layer_norm", {"axis": [3, 3]}, (5, 7, 3), "E303", "names an axis of 5x7x3 twice"),
        ("formula", "layer_norm", {"axis": 1, "normalized_shape": 3}, (5, 3), "E204", "and axis are both given"),
        ("onnx", "layer_norm", {"axis": [2, 3]}, (5, 7, 3), "E304", "ONNX has a single axis"),
        ("onnx", "layer_norm", {"affine": False}, (5, 7, 3), "E304", "always has a scale"),
        ("onnx", "instance_norm", {"affine": False}, (5, 7, 3), "E304", "always has a scale"),
        ("onnx", "batch_norm", {"shift": False}, (5, 7, 3), "E304", "always has a shift"),
        ("keras", "batch_norm", {"axis": 4}, (5, 7, 3), "E303", "5x7x3 has no axis 4"),
        ("keras", "layer_norm", {"axis": [1, -1]}, (5, 7, 3), "E304", r"Keras sorts \[1, -1\] as written"),
        ("keras", "rms_norm", {"axis": 1}, (5, 7, 3), "E304", "axis 1 of 5x7x3: Keras aligns the scale"),
        ("pytorch", "instance_norm", {}, (3, 1, 1), "E304", "each channel of 3x1x1 is a single number"),
        ("pytorch", "instance_norm", {}, (3,), "E303", "needs an input with 1 to 3 spatial axes"),
        ("pytorch", "local_response_norm", {"size": 5}, (3,), "E303", "needs an input with 1 to 3 spatial axes"),
        ("tensorflow", "local_response_norm", {}, (5, 3), "E303", "requires height, width and channels, not 5x3"),
        ("onnx", "local_response_norm", {"size": 4}, (3, 5, 7), "E304", "a window of 4 channels has no centre"),
        ("pytorch", "local_response_norm", {}, (3, 5, 7), "E304", "the size is missing"),
        ("formula", "local_response_norm", {"size": 5, "depth_radius": 2}, (5, 7, 3), "E204", "are both given"),
        ("keras", "rescaling", {"scale": [1, 2]}, (5, 7, 3), "E308", "2 numbers for an axis of 3"),
        ("keras", "standardization", {"mean": 1}, (5, 7, 3), "E204", "the variance is missing"),
        ("keras", "standardization", {"mean": [1, 2], "variance": 1}, (5, 7, 3), "E308", "2 numbers for an axis of 3"),
        ("keras", "unit_norm", {"axis": 0}, (5, 7, 3), "E303", "5x7x3 has no axis 0"),
    ],
)
def test_refusals(convention, name, fields, shape, code, message):
    """What the framework refuses is refused, with what is wrong."""
    with pytest.raises(Refusal, match=message) as refusal:
        make(name, convention, **fields).shape(shape)
    assert refusal.value.code == code


@for_each("value", ["1/0", "much", True, None, [], {}, ["x"]])
def test_rescaling_wants_numbers(value):
    """A scale is a number, a quotient, or a list of them."""
    with pytest.raises(Refusal):
        make("rescaling", scale=value)


@for_each(
    ("word", "name", "rank"),
    [
        ("nn.LayerNorm", "layer_norm", None), ("LayerNormalization", "layer_norm", None),
        ("nn.GroupNorm", "group_norm", None), ("GroupNormalization", "group_norm", None),
        ("nn.InstanceNorm2d", "instance_norm", 2), ("InstanceNormalization", "instance_norm", None),
        ("nn.LazyInstanceNorm3d", "instance_norm", 3), ("nn.LocalResponseNorm", "local_response_norm", None),
        ("LRN", "local_response_norm", None), ("nn.RMSNorm", "rms_norm", None), ("RMSNormalization", "rms_norm", None),
        ("UnitNormalization", "unit_norm", None), ("F.normalize", "unit_norm", None),
        ("LpNormalization", "unit_norm", None), ("Rescaling", "rescaling", None),
        ("Normalization", "standardization", None), ("ops.FrozenBatchNorm2d", "frozen_batch_norm", 2),
        ("nn.SyncBatchNorm", "batch_norm", None), ("nn.LazyBatchNorm2d", "batch_norm", 2),
        ("nn.LazyBatchNorm1d", "batch_norm", None),
    ],
)  # fmt: skip
def test_foreign_names(word, name, rank):
    """The frameworks' spellings mean the canonical type, their suffix the number of axes."""
    assert registry.find(word) == (registry.load_all()[name], rank)
