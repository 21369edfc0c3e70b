"""Heads that give masks, keypoints or angles beside the boxes: segment, pose and oriented boxes."""

from __future__ import annotations

from math import prod

from cnncalc.importing.ultralytics.arguments import RowArguments
from cnncalc.importing.ultralytics.modules import module
from cnncalc.importing.ultralytics.modules.detect import DetectHead, HeadTowers, anchored, detections
from cnncalc.importing.ultralytics.parts import FeatureMap, ModuleParts, conv_params, dense_params

_FLOW = 6 * (2 * (dense_params(2, 64) + dense_params(64, 64) + dense_params(64, 2)))
"""The parameters of the flow that scores keypoints in training: six steps of two small networks."""


@module("Segment", declaration="nc nm:any=32 npr:any=256 older:any=None", takes_list=True)
def segment(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> list[FeatureMap]:
    """Coefficients of each box, and the masks that they are of (YOLACT, arXiv 1904.02689)."""
    if parts.network.is_yolov5 and a.older is not None:
        return _anchored_segment(parts, inputs, a)
    if parts.network.is_yolov5:
        from cnncalc.importing.ultralytics.modules.yolov9 import segment_plain

        return segment_plain(parts, inputs, a, _checked_width(parts, a))
    width = _checked_width(parts, a)
    head = DetectHead(parts, inputs, a.nc)
    outputs = head.finished(detections(head, {"cv4": a.nm}))
    return [outputs[0], prototypes(parts.inner("proto", "Proto"), inputs[0], width, a.nm), *outputs[1:]]


def _checked_width(parts: ModuleParts, a: RowArguments) -> int:
    """The scaled width of the masks' layers."""
    for name in ("nm", "npr"):
        value = getattr(a, name)
        valid = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 10**6
        parts.need(valid, f"{name} must be a whole number from 1, got {str(value)[:80]}")
    return parts.network.scale.channels(a.npr)


def _anchored_segment(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> list[FeatureMap]:
    """YOLOv5's arguments are classes, anchors, masks, width; its masks are enlarged without parameters."""
    anchors, a.nm, a.npr = a.nm, a.npr, 256 if a.older is None else a.older
    width = _checked_width(parts, a)
    rows = anchored(parts, inputs, a.nc, anchors, a.nm)
    return [rows, enlarged_prototypes(parts.inner("proto", "Proto"), inputs[0], width, a.nm)]


def enlarged_prototypes(parts: ModuleParts, x: FeatureMap, width: int, masks: int) -> FeatureMap:
    """The masks, at twice the size of the first map, which is enlarged without parameters."""
    y = parts.layer("upsample", "upsample", [parts.conv("cv1", x, width, 3)], scale=2)
    return parts.conv("cv3", parts.conv("cv2", y, width, 3), masks)


def prototypes(parts: ModuleParts, x: FeatureMap, width: int, masks: int) -> FeatureMap:
    """The masks, at twice the size of the first map."""
    y = parts.conv("cv1", x, width, 3)
    y = parts.layer("upsample", "conv_transpose", [y], filters=width, kernel=2, stride=2)
    return parts.conv("cv3", parts.conv("cv2", y, width, 3), masks)


def refined_prototypes(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments, width: int) -> FeatureMap:
    """YOLO26's masks from all maps; the semantic branch is for training."""
    first = inputs[0].channels
    y = inputs[0]
    for number, x in enumerate(inputs[1:]):
        z = parts.conv(f"feat_refine.{number}", x, first)
        z = parts.layer(f"enlarged_{number}", "upsample", [z], scale=2 ** (number + 1))
        y = parts.add(y, z, f"add_{number}")
    y = parts.conv("feat_fuse", y, width, 3)
    semantic = conv_params(first, width, 3) + conv_params(width, width, 3) + dense_params(width, a.nc)
    parts.training_only("semseg", semantic)
    return prototypes(parts, y, width, a.nm)


@module("Segment26", declaration="nc nm=32 npr=256", takes_list=True)
def segment_26(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> list[FeatureMap]:
    width = _checked_width(parts, a)
    head = DetectHead(parts, inputs, a.nc)
    outputs = head.finished(detections(head, {"cv4": a.nm}))
    return [outputs[0], refined_prototypes(parts.inner("proto", "Proto26"), inputs, a, width), *outputs[1:]]


@module("OBB", "OBB26", declaration="nc ne=1", takes_list=True)
def oriented(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> list[FeatureMap]:
    """An angle for each box."""
    head = DetectHead(parts, inputs, a.nc)
    return head.finished(detections(head, {"cv4": a.ne}))


@module("Pose", declaration="nc kpt_shape:list=(17,3)", takes_list=True)
def pose(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> list[FeatureMap]:
    """Keypoints of each box."""
    head = DetectHead(parts, inputs, a.nc)
    return head.finished(detections(head, {"cv4": _keypoints(parts, a)}))


def _keypoints(parts: ModuleParts, a: RowArguments) -> int:
    valid = len(a.kpt_shape) == 2 and 0 < a.kpt_shape[0] <= 10**6 and a.kpt_shape[1] in (2, 3)
    parts.need(valid, f"kpt_shape must be the number of keypoints and 2 or 3, got {str(list(a.kpt_shape))[:80]}")
    return prod(a.kpt_shape)


@module("Pose26", declaration="nc kpt_shape:list=(17,3)", takes_list=True)
def pose_26(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> list[FeatureMap]:
    """Keypoints from features of their own; the deviations and the flow beside them are for training."""
    count = _keypoints(parts, a)
    head = DetectHead(parts, inputs, a.nc)
    width = max(inputs[0].channels // 4, a.kpt_shape[0] * (a.kpt_shape[1] + 2))
    parts.training_only("flow_model", _FLOW)
    outputs = []
    for prefix in head.prefixes():
        towers = head.towers(prefix)
        boxes = towers.tower("cv2", head.box_width, 4 * head.bins)
        scores = towers.joined("cv3", towers.classes(head.class_width, head.count))
        features = [_keypoint_features(towers, at, x, width) for at, x in enumerate(inputs)]
        rows = [_keypoints_of(towers, at, x, count) for at, x in enumerate(features)]
        deviations = len(inputs) * dense_params(width, 2 * a.kpt_shape[0])
        keypoints = towers.joined("cv4_kpts", rows)
        parts.training_only(f"{prefix}cv4_sigma", deviations)
        outputs.append(head.output(prefix, [boxes, scores, keypoints]))
    return head.finished(outputs)


def _keypoint_features(towers: HeadTowers, at: int, x: FeatureMap, width: int) -> FeatureMap:
    inner = towers.parts.inner(f"{towers.prefix}cv4.{at}")
    return inner.conv("1", inner.conv("0", x, width, 3), width, 3)


def _keypoints_of(towers: HeadTowers, at: int, x: FeatureMap, count: int) -> FeatureMap:
    last = towers.parts.inner(f"{towers.prefix}cv4_kpts", "ModuleList")
    return last.reshape(f"positions_{at}", last.bare_conv(str(at), x, count), count, -1)
