"""Detection: regions cut out of a map, suppression of boxes, rows of detections."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np

from tests.oracles.cases import Case
from tests.oracles.drawing import Drawn, Fields, axes, chance, maybe
from tests.oracles.families import Answer, Weights
from tests.oracles.values import BATCH, normal_inputs

FREQUENCY = {
    "pytorch": {"detections": 1},
    "onnx": {"roi_align": 3, "roi_pool": 2, "nms": 2},
}

SIZES = (1, 2, 3, 5, 7, 11, 13)
OLDER = 21
"""ONNX Runtime has not caught up with the region operators of opset 22, which add types only."""


def regions(random: Random, convention: str) -> Drawn:
    """A map and the boxes of some regions; every sixth has something wrong with its axes."""
    spatial = random.sample(SIZES, 2)
    inputs = [[random.choice((1, 2, 3)), *spatial], [random.choice((1, 2, 3, 5)), 4]]
    if chance(random, 0.08):
        inputs[0] = random.choice((inputs[0][:2], [*inputs[0], 3]))
    if chance(random, 0.08):
        inputs[1] = random.choice(([5, 3], [3, 5]))
    fields: Fields = {"size": axes(random, 2, (1, 2, 3, 5, 7))}
    if chance(random, 0.04):
        fields["size"] = [2, 3, 5]
    maybe(random, fields, "spatial_scale", 0.7, lambda: random.choice((0.5, 0.25, 0.0625, 0.3)))
    return inputs, fields


def roi_align(random: Random, convention: str) -> Drawn:
    inputs, fields = regions(random, convention)
    maybe(random, fields, "sampling_ratio", 0.6, lambda: random.choice((-1, 0, 1, 2, 2, 3)))
    maybe(random, fields, "aligned", 0.5, lambda: chance(random, 0.5))
    return inputs, fields


def nms(random: Random, convention: str) -> Drawn:
    """Rows with their scores, or boxes and scores apart."""
    count = random.choice((1, 2, 5, 11, 23))
    inputs = [[count, random.choice((5, 6, 7))]]
    if chance(random, 0.6):
        other = count + 1 if chance(random, 0.15) else count
        inputs = [[count, 3 if chance(random, 0.1) else 4], [other] if chance(random, 0.5) else [other, 1]]
    fields: Fields = {"keep": random.choice((1, 2, 3, 7, 29))}
    maybe(random, fields, "iou_threshold", 0.7, lambda: random.choice((0.1, 0.3, 0.5, 0.7)))
    maybe(random, fields, "score_threshold", 0.3, lambda: random.choice((-0.5, 0.1, 0.5)))
    return inputs, fields


def detections(random: Random, convention: str) -> Drawn:
    """Heads that mostly fit; a third have too many channels or too few."""
    anchors, classes, values = random.choice((1, 2, 3, 5)), random.choice((0, 1, 3, 7)), random.choice((0, 4, 5, 5))
    channels = max(1, anchors * (values + classes) + random.choice((0, 0, 0, 0, -1, 1)))
    fields: Fields = {"anchors": anchors, "classes": classes}
    if values != 5:
        fields["values"] = values
    return [[channels, *random.sample(SIZES, 2)]], fields


DRAW = {"roi_align": roi_align, "roi_pool": regions, "nms": nms, "detections": detections}


def boxes(generator: np.random.Generator, shape: tuple[int, ...], extent: float) -> np.ndarray:
    """Boxes with their corners in order, some of which reach beyond the image on every side."""
    places = generator.uniform(-0.3 * extent, 1.3 * extent, (*shape[:-1], 2, 2)).astype(np.float32)
    places.sort(axis=-2)
    return places.reshape(*shape[:-1], 4)


def regions_inputs(generator: np.random.Generator, case: Case) -> list[np.ndarray]:
    x, _ = normal_inputs(generator, case)
    extent = max(case["inputs"][0][1:]) / case["fields"].get("spatial_scale", 1.0)
    return [x, boxes(generator, (BATCH, *case["inputs"][1]), extent)]


def nms_inputs(generator: np.random.Generator, case: Case) -> list[np.ndarray]:
    rows, *scores = normal_inputs(generator, case)
    rows[:, :, :4] = boxes(generator, (*rows.shape[:2], 4), 20.0)
    return [rows, *scores]


INPUTS = {"roi_align": regions_inputs, "roi_pool": regions_inputs, "nms": nms_inputs}


def _onnx_regions(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    """The boxes of all images in one list, each with the number of its image."""
    from onnx import helper

    from tests.oracles.onnxruntime_oracle import per_axis, run_nodes

    fields = case["fields"]
    x, boxes = inputs
    sizes = per_axis(fields["size"], 2)
    listed = np.ascontiguousarray(boxes.reshape(-1, boxes.shape[-1]))
    images = np.repeat(np.arange(len(boxes)), boxes.shape[1])
    if len(sizes) != 2:
        raise ValueError("two sizes are needed")
    scale = fields.get("spatial_scale", 1.0)
    if case["layer"] == "roi_pool":
        node = helper.make_node("MaxRoiPool", ["x0", "x1"], ["y"], pooled_shape=sizes, spatial_scale=scale)
        rois = np.concatenate([images[:, None].astype(np.float32), listed], axis=1)
        return run_nodes([node], [x, rois], {}, rank=4, opset=OLDER)
    attributes: dict[str, Any] = {"output_height": sizes[0], "output_width": sizes[1], "spatial_scale": scale}
    if "sampling_ratio" in fields:
        attributes["sampling_ratio"] = fields["sampling_ratio"]
    if "aligned" in fields:
        attributes["coordinate_transformation_mode"] = "half_pixel" if fields["aligned"] else "output_half_pixel"
    node = helper.make_node("RoiAlign", ["x0", "x1", "images"], ["y"], **attributes)
    return run_nodes([node], [x, listed], {"images": images.astype(np.int64)}, rank=4, opset=OLDER)


def _onnx_nms(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    """The operator names (image, class, box) in the order of the scores, image by image; the rows are read here."""
    from onnx import helper

    from tests.oracles.onnxruntime_oracle import run_nodes

    fields = case["fields"]
    rows = inputs[0]
    scores = inputs[1].reshape(len(rows), -1) if len(inputs) > 1 else rows[:, :, 4]
    corners = np.ascontiguousarray(rows if len(inputs) > 1 else rows[:, :, :4])
    given = {"keep": np.array([fields["keep"]], np.int64)}
    for name in ("iou_threshold", "score_threshold"):
        if name in fields:
            given[name] = np.array([fields[name]], np.float32)
    names = ["x0", "x1", "keep", "iou_threshold" if "iou_threshold" in given else ""]
    nodes = [
        helper.make_node("NonMaxSuppression", [*names, *[n for n in given if n == "score_threshold"]], ["chosen"]),
        helper.make_node("Cast", ["chosen"], ["y"], to=1),
    ]
    chosen = run_nodes(nodes, [corners, scores[:, None]], given, rank=2).output.astype(int)
    kept = np.zeros((len(rows), fields["keep"], rows.shape[2]), np.float32)
    for image in range(len(rows)):
        own = chosen[chosen[:, 0] == image][:, 2]
        kept[image, : len(own)] = rows[image, own]
    return Answer(kept, 0)


def _pytorch_detections(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    """As torchvision's `permute_and_flatten` does it."""
    from tests.oracles.pytorch_oracle import run_module

    anchors = case["fields"]["anchors"]
    row = case["fields"].get("values", 5) + case["fields"]["classes"]

    def call(x: Any) -> Any:
        batch, _, height, width = x.shape
        return x.view(batch, anchors, row, height, width).permute(0, 3, 4, 1, 2).reshape(batch, -1, row)

    return run_module(call, inputs)


ONNX = {"roi_align": _onnx_regions, "roi_pool": _onnx_regions, "nms": _onnx_nms}
PYTORCH = {"detections": _pytorch_detections}
