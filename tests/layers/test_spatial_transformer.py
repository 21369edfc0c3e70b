"""Spatial transformers: affine grids, and images read at a grid's places."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.diagnostics import Refusal
from tests.layers.layer_making import learned, make
from tests.together import for_each

IMAGE = [[1, 2], [3, 5], [7, 11]]
GRID = [[0.5, -0.25], [-1.2, 0.1]]
"""x and y of two places, the second beyond the left border."""

# PyTorch, functional.grid_sample(IMAGE, GRID, mode, padding_mode, align_corners).
READ = [
    ("linear", "zeros", False, [3.875, 1.08]),
    ("linear", "zeros", True, [3.8125, 3.06]),
    ("linear", "border", False, [3.875, 3.6]),
    ("linear", "border", True, [3.8125, 3.4]),
    ("linear", "reflection", False, [3.875, 3.6]),
    ("linear", "reflection", True, [3.8125, 3.62]),
    ("nearest", "zeros", False, [5, 0]),
    ("nearest", "zeros", True, [5, 3]),
    ("nearest", "border", False, [5, 3]),
    ("nearest", "reflection", True, [5, 3]),
    ("cubic", "zeros", False, [3.3916015625, 0.9397490621]),
    ("cubic", "zeros", True, [3.8681182861, 3.0732231140]),
    ("cubic", "border", False, [3.2597656250, 3.5629079342]),
    ("cubic", "border", True, [3.3334960938, 3.3143484592]),
    ("cubic", "reflection", False, [3.2597656250, 3.3052921295]),
    ("cubic", "reflection", True, [3.3433837891, 3.5391728878]),
]


@for_each(("mode", "border", "aligned", "expected"), READ)
@for_each("convention", ["pytorch", "onnx", "formula"])
def test_values_of_grid_sample(convention, mode, border, aligned, expected):
    """The two places are read as PyTorch reads them, whatever the layout."""
    layer = make("grid_sample", convention, mode=mode, padding_mode=border, align_corners=aligned)
    image = np.array([IMAGE], np.float32)[:, None] if convention != "formula" else np.array([IMAGE])[..., None] * 1.0
    y = layer.forward(np, image, np.array([[GRID]], np.float32))
    assert y.ravel().tolist() == pytest.approx(expected, rel=1e-5)
    assert y.shape[1:] == ((1, 2, 1) if convention == "formula" else (1, 1, 2))


# convention, mode, image, grid, output, operations beside multiply–accumulates.
SIZES = [
    ("formula", "linear", (28, 28, 3), (5, 7, 2), (5, 7, 3), 735),  # 105 values of four products and three sums
    ("pytorch", "bilinear", (3, 28, 28), (5, 7, 2), (3, 5, 7), 735),
    ("pytorch", "bicubic", (3, 11, 13), (5, 7, 2), (3, 5, 7), 3255),  # 31 each
    ("pytorch", "nearest", (3, 11, 13), (5, 7, 2), (3, 5, 7), 0),
    ("onnx", "linear", (2, 5, 7, 11), (3, 1, 2, 3), (2, 3, 1, 2), 180),  # 12 values of 15
    ("formula", "linear", (13, 5), (7, 1), (7, 5), 105),  # 35 of three
]


@for_each(("convention", "mode", "image", "grid", "y", "work"), SIZES)
def test_grid_sample_has_the_grid_s_size(convention, mode, image, grid, y, work):
    """The grid says height and width, the image the channels; nothing is learned."""
    layer = make("grid_sample", convention, mode=mode)
    assert layer.shape(image, grid) == y
    assert (learned(layer, image, grid), layer.macs(image, grid, y), layer.elementwise(image, grid, y)) == (0, 0, work)
    assert layer.windows(image, grid) == ()


@for_each(
    ("name", "convention", "fields", "inputs", "message"),
    [
        ("grid_sample", "pytorch", {}, [(3, 11, 13), (5, 7, 3)], "the grid is 5x7x3, but for 3x11x13 it needs 2 axes"),
        ("grid_sample", "pytorch", {}, [(3, 11, 13), (7, 2)], "the grid is 7x2"),
        ("grid_sample", "pytorch", {}, [(3, 13), (7, 1)], "images and volumes, not sequences"),
        (
            "grid_sample",
            "pytorch",
            {"mode": "bicubic"},
            [(3, 2, 5, 7), (5, 7, 2, 3)],
            "only with two spatial axes, not 3",
        ),
        ("grid_sample", "onnx", {"mode": "cubic"}, [(3, 2, 5, 7), (5, 7, 2, 3)], "only with two spatial axes, not 3"),
        ("affine_grid", "pytorch", {"size": 5}, [(6,)], "the map is 6, but it must be 2x3"),
        ("affine_grid", "onnx", {"size": 5}, [(3, 3)], "the map is 3x3"),
        ("affine_grid", "pytorch", {"size": [2, 3, 5]}, [(2, 3)], "3 sizes for a map of 2 axes"),
    ],
)
def test_what_cannot_be_sampled(name, convention, fields, inputs, message):
    """The frameworks refuse these too; ours says which sizes do not meet."""
    with pytest.raises(Refusal, match=message):
        make(name, convention, **fields).shape(*inputs)


THETA = [[1, 2, 3], [0.5, -1, 0.25]]

# PyTorch, functional.affine_grid(THETA, [1, 1, 2, 3], align_corners): x and y of each place.
EDGES = [4 / 3, 5 / 12, 2, 0.75, 8 / 3, 13 / 12, 10 / 3, -7 / 12, 4, -0.25, 14 / 3, 1 / 12]
CORNERS = [0, 0.75, 1, 1.25, 2, 1.75, 4, -1.25, 5, -0.75, 6, -0.25]


@for_each(
    ("convention", "size", "aligned", "expected"),
    [
        ("pytorch", [2, 3], False, EDGES),
        ("pytorch", [2, 3], True, CORNERS),
        ("formula", [2, 3], True, CORNERS),
        ("pytorch", [1, 1], True, [3, 0.25]),  # one place alone: the middle, the shift
        ("onnx", [1, 1], False, [3, 0.25]),
        ("onnx", [1, 1], True, [6, -0.25]),  # ONNX Runtime: x = y = 1
    ],
)
def test_values_of_affine_grid(convention, size, aligned, expected):
    """The places of the grid, moved by the map."""
    layer = make("affine_grid", convention, size=size, align_corners=aligned)
    y = layer.forward(np, np.array([THETA], np.float32))
    assert y.shape == (1, *size, 2)
    assert y.ravel().tolist() == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("theta", "size", "y", "macs"),
    [((2, 3), [5, 7], (5, 7, 2), 140), ((3, 4), [5, 7, 11], (5, 7, 11, 3), 3465), ((2, 3), 5, (5, 5, 2), 100)],
)
def test_affine_grid_is_counted(theta, size, y, macs):
    """Each of two coordinates is made of two, each of three of three, and a shift."""
    layer = make("affine_grid", "pytorch", size=size)
    assert layer.shape(theta) == y
    assert (layer.macs(theta, y), layer.elementwise(theta, y)) == (macs, macs // y[-1])
