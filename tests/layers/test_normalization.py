"""Batch normalization: weights by convention, values against PyTorch and Keras."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.layers import registry
from tests.layers.layer_making import learned, make, run, statistics, unshared
from tests.together import for_each


@for_each(
    ("convention", "fields", "shape", "trained", "moving", "all_apart"),
    [
        ("keras", {}, (5, 7, 13), 26, 26, 910),  # keras.layers.BatchNormalization: 52, of them 26 trainable
        ("keras", {"scale": False}, (17,), 17, 34, 17),  # 51, of them 17 trainable
        ("keras", {"scale": False, "shift": False}, (5, 7, 13), 0, 26, 0),  # 26, none trainable
        ("pytorch", {}, (13, 5, 7), 26, 26, 910),  # nn.BatchNorm2d(13): 26 parameters
        ("pytorch", {"affine": False}, (13, 5, 7), 0, 26, 0),
        ("pytorch", {"shift": False}, (13, 5, 7), 13, 26, 455),
        ("formula", {}, (11, 13), 26, 26, 286),
    ],
)
def test_weights(convention, fields, shape, trained, moving, all_apart):
    """Scale and shift are learned, mean and variance are statistics, each shared by the positions of its channel."""
    layer = make("batch_norm", convention, **fields)
    assert (learned(layer, shape), statistics(layer, shape), unshared(layer, shape)) == (trained, moving, all_apart)
    assert layer.shape(shape) == shape == run(layer, shape).shape[1:]
    assert layer.elementwise(shape, shape) == 2 * np.prod(shape)


VALUES = {
    # 0 … 11 as 2 channels of 2x3; scale 2 −1, shift 0.5 3, mean 1 8, variance 4 0.25: printed by each framework.
    "pytorch": [[[-0.5, 0.5, 1.5], [2.5, 3.5, 4.5]], [[6.9999, 5, 3], [1, -0.9999, -2.9999]]],
    "keras": [
        [[-0.49987507, 0.5, 1.4998751], [2.4997501, 3.4996252, 4.4995003]],
        [[6.9920254, 4.9960127, 3.000001], [1.0039883, -0.99202347, -2.9880352]],
    ],
}


@pytest.mark.parametrize("convention", ["pytorch", "keras"])
def test_values(convention):
    """The values are the framework's, with its epsilon and in its layout."""
    x = np.arange(12, dtype=np.float32).reshape(1, 2, 2, 3)
    weights = {"scale": [2, -1], "shift": [0.5, 3], "mean": [1, 8], "variance": [4, 0.25]}
    arrays = {name: np.array(values, np.float32) for name, values in weights.items()}
    if convention == "keras":
        y = make("batch_norm", convention).forward(np, x.transpose(0, 2, 3, 1), **arrays).transpose(0, 3, 1, 2)
    else:
        y = make("batch_norm", convention).forward(np, x, **arrays)
    np.testing.assert_allclose(y[0], VALUES[convention], atol=6e-5 if convention == "pytorch" else 1e-5)


def test_epsilon_can_be_set():
    """(3 − 1)/√(0 + 4) = 1."""
    layer = make("batch_norm", epsilon=4, scale=False, shift=False)
    y = layer.forward(np, np.array([[3.0]]), mean=np.array([1.0]), variance=np.array([0.0]))
    assert y.tolist() == [[1.0]]


@pytest.mark.parametrize(
    ("word", "rank"),
    [("BatchNormalization", None), ("nn.BatchNorm2d", 2), ("BatchNorm3d", 3), ("BatchNorm1d", None), ("bn", None)],
)
def test_foreign_names(word, rank):
    """The frameworks' spellings; PyTorch's BatchNorm1d takes vectors too, so that it asserts no number of axes."""
    assert registry.find(word) == (registry.load_all()["batch_norm"], rank)
