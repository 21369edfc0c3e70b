"""Sampling between pixels, by hand after PyTorch's GridSampler.h; cubic weights after Keys (1981), a = −0.75."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.kernels import grid_sampling
from cnncalc.kernels.sampling import bilinear
from tests.together import for_each

SQUARE = np.array([[1, 2], [3, 4]], np.float32).reshape(1, 2, 2, 1)
ROW = np.array([10, 20, 30], np.float32).reshape(1, 3, 1)


@for_each(
    ("row", "column", "expected"),
    [
        (0, 1, 2), (1, 0, 3), (0.5, 0.5, 2.5), (0.25, 0, 1.5), (0, 0.25, 1.25), (0.25, 0.75, 2.25),
        (-0.5, 0, 0.5), (1.5, 1, 2), (0, -0.25, 0.75), (-1, 0, 0), (2, 0, 0), (0, 7, 0), (-9, -9, 0),
    ],
)  # fmt: skip
def test_between_pixels(row, column, expected):
    """The four neighbours by their distance; those outside are zeros."""
    found = bilinear(np, SQUARE, np.full((1, 1), row, np.float32), np.full((1, 1), column, np.float32))
    assert found.ravel().tolist() == [expected]
    assert found.dtype == np.float32


def test_each_image_has_its_own_places():
    two = np.concatenate([SQUARE, 10 * SQUARE])
    places = np.array([[0.0], [1.0]], np.float32)
    assert bilinear(np, two, places, places).ravel().tolist() == [1, 40]
    grid = np.array([[[-1.0, -1.0]], [[1.0, -1.0]]], np.float32)  # x before y: the top right of the second
    found = grid_sampling.sampled(np, two, grid, mode="linear", border="zeros", aligned=True)
    assert found.ravel().tolist() == [1, 20]


@pytest.mark.parametrize(
    ("aligned", "mode", "border", "at", "expected"),
    [
        # ±1 are the centres of the outermost pixels: position 1 + x
        (True, "linear", "zeros", 0.5, 25), (True, "nearest", "zeros", 0.25, 20), (True, "nearest", "zeros", 0.75, 30),
        (True, "linear", "zeros", -1.5, 5), (True, "linear", "zeros", 2, 0), (True, "linear", "border", 2, 30),
        (True, "linear", "reflection", -2, 20), (True, "linear", "reflection", 2, 20),
        (True, "linear", "reflection", 3, 10), (True, "linear", "reflection", -1.5, 15),
        # ±1 are the outer edges: position 1 + 1.5·x
        (False, "linear", "zeros", 0, 20), (False, "linear", "zeros", -1, 5), (False, "linear", "border", -1, 10),
        (False, "linear", "reflection", -1, 10), (False, "linear", "reflection", -2, 20),  # −2 is mirrored to 1
        (False, "linear", "reflection", 2, 20), (False, "nearest", "border", 0.5, 30),
        # half way between 10 and 20: 0.59375 of each, −0.09375 of the next
        (True, "cubic", "border", -0.5, 14.0625), (True, "cubic", "zeros", -0.5, 15), (True, "cubic", "zeros", 0, 20),
        (True, "cubic", "reflection", -0.5, 13.125),  # 20 before the 10
    ],
)  # fmt: skip
def test_points_of_a_grid(aligned, mode, border, at, expected):
    grid = np.full((1, 1, 1), at, np.float32)
    found = grid_sampling.sampled(np, ROW, grid, mode=mode, border=border, aligned=aligned)
    assert found.ravel().tolist() == pytest.approx([expected])


def test_a_single_pixel_is_its_own_reflection():
    grid = np.array([-3.0, 0.0, 5.0], np.float32).reshape(1, 3, 1)
    found = grid_sampling.sampled(np, ROW[:, :1], grid, mode="linear", border="reflection", aligned=True)
    assert found.ravel().tolist() == [10, 10, 10]
