"""Detection: regions that become samples, anchors, rows of detections, suppression of boxes."""

from __future__ import annotations

from itertools import product
from math import ceil, floor

import numpy as np
import pytest

from cnncalc import SpecError, analyze
from cnncalc.diagnostics import Refusal
from cnncalc.forward.verify import verify
from cnncalc.layers import registry
from tests.layers.layer_making import learned, make
from tests.together import for_each

RAMP = np.arange(20, dtype=np.float32).reshape(1, 4, 5, 1)
"""A map whose value at row y and column x is 5y + x: bilinear interpolation is exact on it."""

# By hand: the mean of 5y + x over an output's places is its value in their middle.
ALIGNED = [
    # a region of 3×3 in cells of 1.5: middles at 0.75 and 2.25
    ("roi_align", {"size": 2, "sampling_ratio": 1}, [0, 0, 3, 3], [[4.5, 6.0], [12.0, 13.5]]),
    # half a position up and left, cells 1 high and 1.75 wide from (0.5, 0): middles at 1, 2 and 0.875, 2.625
    (
        "roi_align",
        {"size": 2, "sampling_ratio": 2, "aligned": True},
        [0.5, 1, 4, 3],
        [[5.875, 7.625], [10.875, 12.625]],
    ),
    # off the map by 1 and more: no values; places between −1 and 0 read the first row or column
    ("roi_align", {"size": 2, "sampling_ratio": 2}, [-3, -3, 2, 2], [[0.0, 0.0], [0.0, 4.5]]),
    # a region of no size is one position wide
    ("roi_align", {"size": 1, "sampling_ratio": 1}, [1, 1, 1, 1], [[9.0]]),
    # 6 pixels at a scale of 1/2 are 3 positions: cells of 1.5, read at 2×2 places around the same middles
    ("roi_align", {"size": 2, "spatial_scale": 0.5}, [0, 0, 6, 6], [[4.5, 6.0], [12.0, 13.5]]),
    # both ends belong to the region: rows and columns 0–1 and 2–3
    ("roi_pool", {"size": 2}, [0, 0, 3, 3], [[6.0, 8.0], [16.0, 18.0]]),
    # 5 columns in two cells share the middle one, 4 rows in two do not
    ("roi_pool", {"size": 2}, [0, 0, 4, 3], [[7.0, 9.0], [17.0, 19.0]]),
    # 2.5 and 3.5 are rounded up: rows and columns 3 and 4, of which row 4 is off the map
    ("roi_pool", {"size": [2, 1]}, [2.5, 2.5, 3.5, 3.5], [[19.0], [0.0]]),
    ("roi_pool", {"size": 1, "spatial_scale": 0.25}, [0, 0, 4, 8], [[11.0]]),
]

REFUSED = [
    ("roi_align", {"size": 7}, [(25, 34, 8)], "the number of regions is unknown"),
    ("roi_pool", {"size": 7, "regions": 5}, [(34, 8)], "roi_pool needs a feature map with height and width, got 34x8"),
    (
        "roi_align",
        {"size": 7},
        [(25, 34, 8), (13, 5)],
        "the boxes are 13x5, but they must be R×4: x1, y1, x2, y2 ",
    ),
    ("roi_pool", {"size": 7, "regions": 5}, [(25, 34, 8), (13, 4)], "5 regions, but the second input has 13 boxes"),
    ("roi_align", {"size": [7, 5, 3], "regions": 1}, [(25, 34, 8)], "3 values for an input with 2 spatial axes"),
    ("anchors", {}, [(25, 34, 8)], "anchors needs sizes"),
    ("anchors", {"sizes": [32, 64], "per_cell": 3}, [(25, 34, 8)], "2 sizes × 1 ratios are 2 boxes, not 3 per cell"),
    ("anchors", {"sizes": 32}, [(34, 8)], "anchors needs a feature map with height and width, got 34x8"),
    ("nms", {"keep": 7}, [(13, 4)], "13x4 is not a list of rows of x1, y1, x2, y2 and a score"),
    ("nms", {"keep": 7}, [(13, 5), (13,)], "13x5 is not a list of rows of x1, y1, x2, y2"),
    ("nms", {"keep": 7}, [(13, 4), (11,)], "13 boxes, but the scores are 11"),
    ("nms", {"keep": 7}, [(13, 4), (13, 3)], "13 boxes, but the scores are 13x3"),
    ("detections", {"anchors": 3, "classes": 80}, [(13, 255)], "detections needs a feature map with height and width"),
    ("detections", {"anchors": 3, "classes": 0, "values": 0}, [(5, 7, 3)], "each row would be empty"),
]


@for_each(("name", "fields", "box", "expected"), ALIGNED)
def test_regions_by_hand(name, fields, box, expected):
    """One region of the ramp 5y + x; ONNX Runtime's RoiAlign and MaxRoiPool give the same."""
    boxes = np.array([[box]], np.float32)
    y = make(name, **fields).forward(np, RAMP, boxes)
    assert y[0, :, :, 0].tolist() == expected
    first = make(name, "pytorch", **fields).forward(np, np.moveaxis(RAMP, -1, 1), boxes)
    assert first[0, 0].tolist() == expected


def by_loops(x, box, bins, scale, ratio, *, aligned):
    """Region alignment of one (height, width) map, place by place, as the kernel of torchvision writes it."""
    offset = 0.5 if aligned else 0.0
    left, top, right, bottom = (side * scale - offset for side in box)
    height, width = bottom - top, right - left
    if not aligned:
        height, width = max(height, 1.0), max(width, 1.0)
    step_y, step_x = height / bins[0], width / bins[1]
    down, across = (ratio, ratio) if ratio > 0 else (ceil(step_y), ceil(step_x))
    y = np.zeros(bins)
    for row, column in product(*map(range, bins)):
        for i, j in product(range(down), range(across)):
            at_y = top + row * step_y + (i + 0.5) * step_y / down
            at_x = left + column * step_x + (j + 0.5) * step_x / across
            y[row, column] += read(x, at_y, at_x) / max(down * across, 1)
    return y


def read(x, row, column):
    """The value of a map between its positions; 0 more than one position off it."""
    if not (-1 <= row <= x.shape[0] and -1 <= column <= x.shape[1]):
        return 0.0
    row, column = max(row, 0.0), max(column, 0.0)
    up, left = min(floor(row), x.shape[0] - 1), min(floor(column), x.shape[1] - 1)
    down, right = min(up + 1, x.shape[0] - 1), min(left + 1, x.shape[1] - 1)
    below, beside = row - up if down > up else 0.0, column - left if right > left else 0.0
    above = (1 - beside) * x[up, left] + beside * x[up, right]
    return (1 - below) * above + below * ((1 - beside) * x[down, left] + beside * x[down, right])


@pytest.mark.parametrize("aligned", [False, True])
@pytest.mark.parametrize("ratio", [-1, 0, 1, 3])
@pytest.mark.parametrize("scale", [1.0, 0.25])
def test_roi_align_against_loops(aligned, ratio, scale):
    """Random regions, on the map and off it: every output as an implementation in plain loops has it."""
    generator = np.random.default_rng(5)
    x = generator.standard_normal((2, 7, 11, 3)).astype(np.float32)
    boxes = np.sort(generator.uniform(-3, 14, (2, 13, 2, 2)), axis=2).reshape(2, 13, 4).astype(np.float32) / scale
    y = make("roi_align", size=[5, 2], sampling_ratio=ratio, aligned=aligned, spatial_scale=scale).forward(np, x, boxes)
    assert y.shape == (26, 5, 2, 3)
    for image, region, channel in product(range(2), range(13), range(3)):
        given = x[image, :, :, channel], [float(side) for side in boxes[image, region]]
        expected = by_loops(*given, (5, 2), scale, ratio, aligned=aligned)
        assert np.allclose(y[image * 13 + region, :, :, channel], expected, atol=1e-5)


@pytest.mark.parametrize(
    ("convention", "expected"),
    [("pytorch", 9.0), ("onnx", 6.0)],  # torchvision's default is aligned=False, ONNX's half_pixel since opset 16
)
def test_aligned_by_convention(convention, expected):
    """Unsaid, `aligned` is what the framework assumes: 5·1.5 + 1.5 = 9, or half a position less each way."""
    x, boxes = np.moveaxis(RAMP, -1, 1), np.array([[[1, 1, 2, 2]]], np.float32)
    assert make("roi_align", convention, size=1, sampling_ratio=1).forward(np, x, boxes).tolist() == [[[[expected]]]]


@pytest.mark.parametrize(
    ("name", "fields", "inputs", "shape", "times", "work"),
    [
        ("roi_align", {"size": 7, "sampling_ratio": 2, "regions": 11}, [(25, 34, 3)], (7, 7, 3), 11, 147 * 4 * 8),
        ("roi_align", {"size": [5, 7]}, [(25, 34, 3), (13, 4)], (5, 7, 3), 13, 105 * 5 * 5 * 8),
        ("roi_pool", {"size": [5, 7]}, [(25, 34, 3), (13, 4)], (5, 7, 3), 13, 105 * (5 * 5 - 1)),
        ("roi_pool", {"size": 1, "regions": 1}, [(25, 34, 3)], (1, 1, 3), 1, 3 * (25 * 34 - 1)),
    ],
)
def test_regions(name, fields, inputs, shape, times, work):
    """The size asked for, as often as there are regions; no parameters; work for a region as large as the map."""
    layer = make(name, **fields)
    assert (layer.shape(*inputs), layer.multiplicity(*inputs)) == (shape, times)
    assert (learned(layer, *inputs), layer.macs(*inputs, shape), layer.elementwise(*inputs, shape)) == (0, 0, work)
    arrays = [np.ones((2, *each), np.float32) for each in inputs]
    assert layer.forward(np, *arrays).shape == (2 * times, *shape)


def test_regions_multiply_what_follows():
    """A head behind 64 regions: its weights count once, its work and activations 64 times (784·10 MACs each)."""
    report = analyze("38x50x16 -> roi_pool 7 regions=64 spatial_scale=0.0625 -> flatten -> dense 10")
    head = report.layers[-1]
    assert (head.samples, head.output_shape, head.params) == (64, (10,), 7850)
    assert (head.macs, head.activation_elements) == (784 * 10 * 64, 640)


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("name", ["roi_align", "roi_pool"])
def test_regions_run(name, batch):
    """The forward pass holds every region of every image, with given boxes and with regions spread over the map."""
    spread = f"25x34x8 -> {name} 7x5 regions=13 -> conv 8 3x3 p1"
    given = f"map: 25x34x8, boxes: 13x4 -> {name} 7x5 from=[map, boxes] -> conv 8 3x3 p1"
    for spec in (spread, given):
        assert verify(spec, batch=batch).problems == []


def test_regions_meet_only_regions():
    """A merge of what one image holds with what its regions hold is refused."""
    with pytest.raises(SpecError) as error:
        analyze("x: 7x7x3 -> roi_pool 7 regions=5 name=cut -> add from=[x, cut]")
    assert "x holds 1 samples for each of the model's, cut 5" in str(error.value)


# torchvision 0.28: AnchorGenerator(((32, 64),), ((0.5, 1, 2),)) on a 1×2 map with a stride of 8 pixels across.
GENERATED = [
    [-23, -11, 23, 11], [-45, -23, 45, 23], [-16, -16, 16, 16], [-32, -32, 32, 32], [-11, -23, 11, 23],
    [-23, -45, 23, 45], [-15, -11, 31, 11], [-37, -23, 53, 23], [-8, -16, 24, 16], [-24, -32, 40, 32],
    [-3, -23, 19, 23], [-15, -45, 31, 45],
]  # fmt: skip


def test_anchors_are_torchvisions():
    """Ratio by ratio, size by size, cell by cell, in whole pixels; the same for every image."""
    layer = make("anchors", "pytorch", sizes=[32, 64], ratios=[0.5, 1, 2], stride=[16, 8])
    y = layer.forward(np, np.zeros((2, 3, 1, 2), np.float32))
    assert (y.dtype, y[0].tolist(), y[1].tolist()) == (np.float32, GENERATED, GENERATED)


@for_each(
    ("name", "fields", "x", "expected"),
    [
        # Ren et al., Faster R-CNN, section 3.1.1: 3 scales and 3 ratios, k = 9 anchors a position, W·H·k in total
        ("anchors", {"sizes": [128, 256, 512], "ratios": [0.5, 1, 2]}, (37, 62, 512), (37 * 62 * 9, 4)),
        ("anchors", {"sizes": 32}, (7, 5, 3), (35, 4)),
        # Liu et al., SSD, section 2.2: 4 boxes on 38×38
        ("anchors", {"per_cell": 4}, (38, 38, 512), (5776, 4)),
        # Redmon & Farhadi, YOLOv3: 13·13·3 boxes of 4 + 1 + 80 numbers on the coarsest map
        ("detections", {"anchors": 3, "classes": 80}, (13, 13, 255), (507, 85)),
        ("detections", {"anchors": 9, "classes": 0, "values": 4}, (25, 34, 36), (7650, 4)),
        ("detections", {"anchors": 2, "classes": 7, "values": 0}, (5, 3, 14), (30, 7)),
        ("nms", {"keep": 100}, (300, 6), (100, 6)),
        ("nms", {"keep": 11}, (7, 5), (11, 5)),
    ],
)
def test_rows(name, fields, x, expected):
    """How many rows come out, how long; no parameters, and no work that is counted."""
    layer = make(name, **fields)
    assert layer.shape(x) == expected == layer.forward(np, np.ones((2, *x), np.float32)).shape[1:]
    assert (learned(layer, x), layer.macs(x, expected), layer.elementwise(x, expected)) == (0, 0, 0)


def test_detections_of_a_wrong_head():
    """256 filters for 3 anchors and 80 classes: the refusal gives the 255 that were meant."""
    with pytest.raises(Refusal) as refusal:
        make("detections", anchors=3, classes=80).shape((13, 13, 256))
    assert refusal.value.message == "256 channels, but anchors × (values + classes) = 3 × (5 + 80) = 255"
    assert refusal.value.hint == "give the convolution before it 255 filters"


def test_detections_go_cell_by_cell():
    """Channels 0–1 are the first anchor's, 2–3 the second's, of the left cell and then of the right."""
    x = np.array([[[[1, 2, 3, 4], [5, 6, 7, 8]]]], np.float32)
    expected = [[1, 2], [3, 4], [5, 6], [7, 8]]
    fields = {"anchors": 2, "classes": 2, "values": 0}
    assert make("detections", **fields).forward(np, x)[0].tolist() == expected
    assert make("detections", "pytorch", **fields).forward(np, np.moveaxis(x, -1, 1))[0].tolist() == expected


BOXES = [[1, 1, 11, 11], [0, 0, 10, 10], [20, 20, 30, 30], [0, 0, 10, 5]]
SCORES = [0.8, 0.9, 0.7, 0.6]
# With the best: 81 of 119 in common (0.68), nothing, and 50 of 100 (0.5).


@for_each(
    ("convention", "fields", "places"),
    [
        ("formula", {"keep": 4}, [1, 2, 3]),
        ("formula", {"keep": 2}, [1, 2]),
        ("formula", {"keep": 4, "iou_threshold": 0.7}, [1, 0, 2, 3]),
        ("formula", {"keep": 4, "iou_threshold": 0.4}, [1, 2]),
        ("formula", {"keep": 4, "score_threshold": 0.7}, [1]),
        ("onnx", {"keep": 4}, [1, 2]),
    ],
)
def test_nms_keeps_the_best(convention, fields, places):
    """Best first, without what lies on a better one by more than the threshold; rows of zeros behind them."""
    boxes, scores = np.array([BOXES], np.float32), np.array([SCORES], np.float32)
    expected = [BOXES[place] for place in places] + [[0] * 4] * (fields["keep"] - len(places))
    layer = make("nms", convention, **fields)
    assert layer.forward(np, boxes, scores)[0].tolist() == expected
    assert layer.forward(np, boxes, scores[..., None])[0].tolist() == expected
    rows = np.concatenate([boxes, scores[..., None]], axis=-1)
    assert layer.forward(np, rows)[0, :, :4].tolist() == expected


def test_proposals_in_one_chain():
    """Anchors, suppressed by score, cut out of the map they stand on: 9 samples for the head."""
    spec = "x: 7x5x8, s: 35 -> anchors per_cell=1 from=x -> nms 9 from=[anchors_1, s] -> roi_align 7 from=[x, nms_1]"
    report = analyze(f"{spec} -> flatten -> dense 3")
    assert [layer.samples for layer in report.layers] == [1, 1, 9, 9, 9]
    assert report.totals.macs == 7 * 7 * 8 * 3 * 9


@for_each(("name", "fields", "inputs", "message"), REFUSED)
def test_refusals(name, fields, inputs, message):
    """What does not fit, with its numbers."""
    with pytest.raises(Refusal) as refusal:
        make(name, **fields).shape(*inputs)
    assert refusal.value.message.startswith(message)


def test_onnx_refuses_a_negative_sampling_ratio():
    """ONNX Runtime: "Sampling ratio should be >=0"; torchvision's own default is -1."""
    assert make("roi_align", "pytorch", size=7, sampling_ratio=-1, regions=1).shape((3, 5, 7)) == (3, 7, 7)
    with pytest.raises(Refusal):
        make("roi_align", "onnx", size=7, sampling_ratio=-1, regions=1).shape((3, 5, 7))


@pytest.mark.parametrize("value", [0, -1, True, "wide", [32, 0]])
def test_anchor_sizes_are_positive(value):
    """A size is a number above 0."""
    with pytest.raises(Refusal):
        make("anchors", sizes=value)


@for_each(
    ("word", "name"),
    [
        ("torchvision.ops.RoIAlign", "roi_align"), ("MaxRoiPool", "roi_pool"), ("ROIPooling", "roi_pool"),
        ("NonMaxSuppression", "nms"), ("AnchorGenerator", "anchors"), ("RoIPool", "roi_pool"),
    ],
)  # fmt: skip
def test_foreign_names(word, name):
    """The frameworks' spellings mean the canonical type."""
    assert registry.find(word) == (registry.load_all()[name], None)


@pytest.mark.parametrize(
    ("name", "fields", "inputs"),
    [
        ("roi_align", {"size": 7, "regions": 5}, [(25, 34, 8)]),
        ("anchors", {"per_cell": 3}, [(25, 34, 8)]),
        ("detections", {"anchors": 1, "classes": 3}, [(25, 34, 8)]),
        ("nms", {"keep": 3}, [(13, 5)]),
    ],
)
def test_no_single_answer_for_the_receptive_field(name, fields, inputs):
    """What an output sees depends on the data, or is no place of an axis."""
    assert make(name, **fields).windows(*inputs) == ()
