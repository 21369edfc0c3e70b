"""Heads of the YOLOv7 repository for keypoints, and for sizes in bins."""

from __future__ import annotations

from cnncalc.importing.ultralytics.arguments import RowArguments
from cnncalc.importing.ultralytics.modules import YOLOV7, module
from cnncalc.importing.ultralytics.modules.detect import anchor_map, anchor_rows, with_anchors
from cnncalc.importing.ultralytics.parts import FeatureMap, ModuleParts

_BINS = 21


@module(f"{YOLOV7} IKeypoint", declaration="nc anchors:any nkpt", takes_list=True)
def keypoints(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> FeatureMap:
    """IDetect, and three numbers for each keypoint from another 1x1 convolution."""
    parts.need(a.nkpt >= 0, f"nkpt must be at least 0, got {a.nkpt}")
    boxes, points, maps = 5 + a.nc, 3 * a.nkpt, []
    for number, (x, count) in enumerate(with_anchors(parts, inputs, a.anchors)):
        y = anchor_map(parts.inner(f"m.{number}"), x, boxes * count, implicit=True)
        if points:
            inner = parts.inner(f"m_kpt.{number}")
            y = inner.concat([y, inner.bare_conv("conv", x, points * count)])
        maps.append(y)
    return parts.layer("sigmoid", "sigmoid", [anchor_rows(parts, maps, boxes + points)])


@module(f"{YOLOV7} IBin", declaration="nc anchors:any", takes_list=True)
def binned(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> FeatureMap:
    """IDetect, whose widths and heights are scores of 21 bins and an offset within the bin."""
    length = 2 + 2 * (1 + _BINS) + 1 + a.nc
    maps = [
        anchor_map(parts.inner(f"m.{number}"), x, length * count, implicit=True)
        for number, (x, count) in enumerate(with_anchors(parts, inputs, a.anchors))
    ]
    y = parts.layer("sigmoid", "sigmoid", [anchor_rows(parts, maps, length)])
    center, width, height, scores = parts.split(y, [2, 1 + _BINS, 1 + _BINS, 1 + a.nc], "parts", axis=2)
    sizes = [_best_bin(parts.inner(f"{name}_bin_sigmoid"), x) for name, x in (("w", width), ("h", height))]
    return parts.concat([center, *sizes, scores], "predictions", axis=2)


def _best_bin(at: ModuleParts, x: FeatureMap) -> FeatureMap:
    """The size, counted in bins."""
    offset, scores = at.split(x, [1, _BINS], "parts", axis=2)
    return at.add(offset, at.layer("bin", "argmax", [scores], axis=2, keep=True))
