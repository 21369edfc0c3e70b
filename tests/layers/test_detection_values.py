"""Detection on lopsided boxes, at the border of a map, in stand-in regions: numbers by hand or from ONNX Runtime."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.diagnostics import Refusal
from tests.layers.layer_making import make
from tests.together import for_each

RAMP = np.arange(20, dtype=np.float32).reshape(1, 4, 5, 1)
"""A map whose value at row y and column x is 5y + x."""

BORDERS = [
    # no points in a region of no size, if it is not made one position wide
    ({"aligned": True}, [1, 1, 1, 1], 0.0),
    # a point just beyond the last row or column has its value: 5·3 + 1.5, 5·1.5 + 4
    ({"sampling_ratio": 1}, [1, 3.5, 2, 4.5], 16.5),
    ({"sampling_ratio": 1}, [4.5, 1, 5.5, 2], 11.5),
    # and one position before the first: 1.5, 5·1.5
    ({"sampling_ratio": 1}, [1, -1.5, 2, -0.5], 1.5),
    ({"sampling_ratio": 1}, [-1.5, 1, -0.5, 2], 7.5),
    # further out there is nothing
    ({"sampling_ratio": 1}, [1, -1.75, 2, -0.75], 0.0),
    ({"sampling_ratio": 1}, [4.75, 1, 5.75, 2], 0.0),
]


@for_each("fields, box, expected", BORDERS)
def test_points_at_the_border(fields, box, expected):
    """ONNX Runtime's RoiAlign gives the same."""
    y = make("roi_align", size=1, **fields).forward(np, RAMP, np.array([[box]], np.float32))
    assert y.tolist() == [[[[expected]]]]


def test_stand_in_regions():
    """Two of half the map's height and width: from (1.5, 1) and (4.5, 3), in pixels of twice as many."""
    x = np.arange(96, dtype=np.float32).reshape(1, 8, 12, 1)
    layer = make("roi_pool", size=1, regions=2, spatial_scale=0.5)
    # rounded, 2–8 × 1–5 and 5–11 × 3–7: the last and the first of 12y + x
    assert layer.forward(np, x).reshape(-1).tolist() == [68, 95]
    assert layer.forward(np, -x).reshape(-1).tolist() == [-14, -41]


BOXES = [
    [2, 7, 12, 17], [3, 5, 14, 15], [8, 1, 15, 24], [1, 9, 13, 16], [20, 3, 27, 8], [21, 2, 26, 9], [5, 11, 9, 13],
]  # fmt: skip
SCORES = [0.5, 0.9, 0.8, 0.7, 0.4, 0.6, 0.3]


@for_each(
    "threshold, places",
    [
        (0.1, [1, 5, 6]), (0.25, [1, 5, 6]), (0.3, [1, 2, 5, 6]), (0.45, [1, 2, 3, 5, 6]),
        (0.6, [1, 2, 3, 5, 4, 6]), (0.65, [1, 2, 3, 5, 0, 4, 6]),
    ],
)  # fmt: skip
def test_nms_of_lopsided_boxes(threshold, places):
    """The places that ONNX Runtime's NonMaxSuppression keeps."""
    layer = make("nms", keep=7, iou_threshold=threshold)
    y = layer.forward(np, np.array([BOXES], np.float32), np.array([SCORES], np.float32))
    assert y[0].tolist() == [BOXES[place] for place in places] + [[0] * 4] * (7 - len(places))


def test_what_is_never_compared():
    """Boxes beside each other have nothing in common, though one overlaps the other's rows or columns."""
    boxes = np.array([[[0, 0, 4, 4], [6, 1, 9, 3], [1, 6, 3, 9], [7, 7, 9, 9]]], np.float32)
    y = make("nms", keep=4, iou_threshold=0.0).forward(np, boxes, np.array([[4, 3, 2, 1]], np.float32))
    assert y.tolist() == boxes.tolist()


FITS = [
    ("nms", "formula", {"keep": 7}, [(13, 4), (13,)], (7, 4)),
    ("nms", "formula", {"keep": 7}, [(13, 4), (13, 1)], (7, 4)),
    ("nms", "formula", {"keep": 7}, [(13, 5)], (7, 5)),
    ("roi_align", "onnx", {"size": 7, "sampling_ratio": 0, "regions": 1}, [(3, 5, 7)], (3, 7, 7)),
    ("roi_pool", "formula", {"size": 7, "regions": 13}, [(25, 34, 8), (13, 4)], (7, 7, 8)),
]


@for_each("name, convention, fields, inputs, shape", FITS)
def test_shapes(name, convention, fields, inputs, shape):
    assert make(name, convention, **fields).shape(*inputs) == shape


@for_each("ratio, work", [(1, 147 * 8), (3, 147 * 9 * 8), (0, 147 * 4 * 5 * 8), (-1, 147 * 4 * 5 * 8)])
def test_work_of_points(ratio, work):
    """Eight for each point of 7·7·3 outputs; without a number as many as a region of 25×34 in 7×7 cells has."""
    layer = make("roi_align", size=7, sampling_ratio=ratio, regions=2)
    assert layer.elementwise((25, 34, 3), (7, 7, 3)) == work


MAP = (25, 34, 8)
ROWS = "the boxes are {}, but they must be R×4: x1, y1, x2, y2 for each of R regions"
LIST = "{} is not a list of rows of x1, y1, x2, y2"
REFUSED = [
    ("roi_align", [MAP, (13, 5)], ROWS.format("13x5"), "give the boxes of one image, without its index"),
    ("roi_pool", [MAP, (13, 6)], ROWS.format("13x6"), ""),
    ("roi_pool", [MAP, (2, 13, 5)], ROWS.format("2x13x5"), ""),
    ("roi_pool", [MAP, (5,)], ROWS.format("5"), ""),
    ("nms", [(13, 4)], f"{LIST.format('13x4')} and a score", "give the scores as second input, from: [boxes, scores]"),
    ("nms", [(13, 3)], f"{LIST.format('13x3')} and a score", ""),
    ("nms", [(2, 13, 4)], f"{LIST.format('2x13x4')} and a score", ""),
    ("nms", [(13, 5), (13,)], LIST.format("13x5"), ""),
    ("nms", [(13, 4), (13, 2)], "13 boxes, but the scores are 13x2", "one score per box is needed"),
    ("nms", [(13, 4), (4,)], "13 boxes, but the scores are 4", "one score per box is needed"),
    ("nms", [(13, 4), (1, 13)], "13 boxes, but the scores are 1x13", "one score per box is needed"),
]


@for_each("name, inputs, message, hint", REFUSED)
def test_what_does_not_fit(name, inputs, message, hint):
    layer = make(name, **({"keep": 7} if name == "nms" else {"size": 7}))
    with pytest.raises(Refusal) as refusal:
        layer.shape(*inputs)
    assert (refusal.value.message, refusal.value.hint) == (message, hint)


SPREAD = "With one input the regions are unknown: the forward pass spreads them evenly over the map."
POINTS = "The number of points depends on the region: the FLOPs are those of a region as large as the whole map."


@for_each(
    "name, ratio, inputs, remarks",
    [
        ("roi_pool", None, [MAP], (SPREAD,)),
        ("roi_pool", None, [MAP, (13, 4)], ()),
        ("roi_align", 1, [MAP], (SPREAD,)),
        ("roi_align", 0, [MAP], (SPREAD, POINTS)),
        ("roi_align", -1, [MAP, (13, 4)], (POINTS,)),
        ("roi_align", 1, [MAP, (13, 4)], ()),
    ],
)
def test_remarks(name, ratio, inputs, remarks):
    """Regions that are not given, and points that depend on them."""
    layer = make(name, size=7, **({} if ratio is None else {"sampling_ratio": ratio}))
    assert layer.remarks(*inputs, (7, 7, 8)) == remarks


def test_squares_around_a_cell():
    """Only their number is given: sides of 32, 64 and 96 pixels, around the corner of each cell of 16×8 pixels."""
    y = make("anchors", per_cell=3, stride=[16, 8]).forward(np, np.zeros((1, 2, 1, 1), np.float32))
    assert y[0].tolist() == [
        [-16, -16, 16, 16], [-32, -32, 32, 32], [-48, -48, 48, 48],
        [-16, 0, 16, 32], [-32, -16, 32, 48], [-48, -32, 48, 64],
    ]  # fmt: skip
