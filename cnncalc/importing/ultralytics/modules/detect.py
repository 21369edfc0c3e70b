"""Detection heads: for each map a tower for the boxes and one for the classes.

The boxes are distances from an anchor point to the four sides, each the mean of a distribution over `reg_max` bins (Li
et al., arXiv 2006.04388). The output has the library's shape, (4 + classes) × anchor points. The distances are not
turned into corners, which needs neither parameters nor multiply-accumulates.
"""

from __future__ import annotations

from math import prod
from typing import Any

from cnncalc.importing.ultralytics.arguments import RowArguments
from cnncalc.importing.ultralytics.modules import module
from cnncalc.importing.ultralytics.parts import FeatureMap, ModuleParts

MOST_DETECTIONS = 300
"""The number of boxes that a head without non-maximum suppression returns."""
_BINS = 16


class HeadTowers:
    """The towers of a head over its maps; `prefix` is `one2one_` for the second set, which needs no suppression."""

    def __init__(self, parts: ModuleParts, inputs: list[FeatureMap], prefix: str = "") -> None:
        self.parts = parts
        self.inputs = inputs
        self.prefix = prefix

    def tower(self, name: str, width: int, outputs: int) -> FeatureMap:
        """Two convolutions and a 1x1 for each map, joined over all positions: outputs × positions."""
        rows = [self.flat(f"{name}.{at}", self.plain(name, at, x, width, outputs)) for at, x in enumerate(self.inputs)]
        return self.joined(name, rows)

    def plain(self, name: str, at: int, x: FeatureMap, width: int, outputs: int) -> FeatureMap:
        inner = self.parts.inner(f"{self.prefix}{name}.{at}", "Tower")
        y = inner.conv("1", inner.conv("0", x, width, 3), width, 3)
        return inner.bare_conv("2", y, outputs)

    def separable(self, name: str, at: int, x: FeatureMap, width: int, outputs: int) -> FeatureMap:
        """The same with depthwise windows, each before a 1x1."""
        inner = self.parts.inner(f"{self.prefix}{name}.{at}", "Tower")
        y = inner.conv("0.1", inner.conv("0.0", x, x.channels, 3, g=x.channels), width)
        y = inner.conv("1.1", inner.conv("1.0", y, width, 3, g=width), width)
        return inner.bare_conv("2", y, outputs)

    def class_map(self, at: int, width: int, outputs: int) -> FeatureMap:
        """The class tower of a map, in the form of the file's version."""
        form = self.plain if self.parts.network.has_plain_heads else self.separable
        return form("cv3", at, self.inputs[at], width, outputs)

    def classes(self, width: int, outputs: int) -> list[FeatureMap]:
        """The class towers of all maps, outputs × positions each."""
        return [self.flat(f"cv3.{at}", self.class_map(at, width, outputs)) for at in range(len(self.inputs))]

    def flat(self, name: str, x: FeatureMap) -> FeatureMap:
        """A map as channels × positions, in the module that gives it."""
        return self.parts.inner(f"{self.prefix}{name}", "Tower").reshape("positions", x, x.channels, -1)

    def joined(self, name: str, rows: list[FeatureMap]) -> FeatureMap:
        """Channels × positions of all maps."""
        at = self.parts.inner(f"{self.prefix}{name}", "ModuleList")
        return at.concat(rows, axis=2) if len(rows) > 1 else rows[0]


class DetectHead:
    """A detection head: its widths, and its output from the towers. Its maps begin at the row's source `start`."""

    def __init__(self, parts: ModuleParts, inputs: list[FeatureMap], classes: int, start: int = 0) -> None:
        parts.network.need_images(inputs, start)
        self.parts, self.inputs, self.count = parts, inputs, classes
        first = inputs[0].channels
        values = parts.network.model.values
        self.bins = parts.network.model.integer("reg_max", _BINS)
        self.end_to_end = bool(values.get("end2end"))
        self.box_width = max(16, first // 4, self.bins * 4)
        self.class_width = max(first, min(classes, 100))

    def extra_width(self, outputs: int) -> int:
        """The width of a tower for masks, keypoints or angles."""
        return max(self.inputs[0].channels // 4, outputs)

    def prefixes(self) -> tuple[str, ...]:
        """One set of towers, or two for a head without suppression; the last one gives the output."""
        return ("", "one2one_") if self.end_to_end else ("",)

    def towers(self, prefix: str) -> HeadTowers:
        return HeadTowers(self.parts, self.inputs, prefix)

    def output(self, prefix: str, rows: list[FeatureMap]) -> FeatureMap:
        """Boxes, scores and whatever else there is, as (4 + classes + …) × positions.

        The first of two sets stays as the towers give it, for the loss.
        """
        boxes, scores, *more = rows
        if self.end_to_end and not prefix:
            return self.parts.concat(rows, "one2many", axis=1)
        scores = self.parts.layer("sigmoid", "sigmoid", [scores])
        return self.parts.concat([self.distances(boxes), scores, *more], "predictions", axis=1)

    def distances(self, boxes: FeatureMap, at: ModuleParts | None = None) -> FeatureMap:
        """The mean of each distribution, by a fixed 1x1 convolution whose weights are 0, 1, 2 …; in the module `at`."""
        if self.bins == 1:
            return boxes
        count = boxes.shape[1]
        at = at or self.parts.inner("dfl", "DFL")
        y = at.permute("bins", at.reshape("sides", boxes, 4, self.bins, count), 2, 1, 3)
        y = at.layer("softmax", "softmax", [y], axis=1)
        y = at.layer("conv", "conv", [y], trainable=False, filters=1, kernel=1, bias=False)
        return at.reshape("distances", y, 4, count)

    def best(self, y: FeatureMap) -> FeatureMap:
        """The rows with the highest scores: box, score, class and whatever else a row has."""
        length = y.shape[0] - self.count + 2
        rows = self.parts.permute("rows", y, 2, 1)
        return self.parts.layer("topk", "custom", [rows], output=[min(MOST_DETECTIONS, rows.shape[0]), length])

    def finished(self, outputs: list[FeatureMap]) -> list[FeatureMap]:
        """The outputs of the model: the best boxes of the last set, and the predictions of the first."""
        return [self.best(outputs[-1]), *outputs[:-1]] if self.end_to_end else outputs


def detections(head: DetectHead, extras: dict[str, int], classes: Any = None) -> list[FeatureMap]:
    """The outputs of a head; `extras` are towers beside those of boxes and classes, with the numbers that they give."""
    outputs = []
    for prefix in head.prefixes():
        towers = head.towers(prefix)
        boxes = towers.tower("cv2", head.box_width, 4 * head.bins)
        rows = (classes or towers_of_classes)(head, towers)
        scores = towers.joined("cv3" if classes is None else "scores", rows)
        more = [towers.tower(name, head.extra_width(count), count) for name, count in extras.items()]
        outputs.append(head.output(prefix, [boxes, scores, *more]))
    return outputs


def towers_of_classes(head: DetectHead, towers: HeadTowers) -> list[FeatureMap]:
    return towers.classes(head.class_width, head.count)


@module("Detect", declaration="nc anchors:any=None", takes_list=True)
def detect(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> list[FeatureMap]:
    """The head without anchors; with anchors as second argument that of YOLOv5.

    A file with the key `anchors` whose head does not name them is of the YOLOv9 repository.
    """
    if a.anchors is not None:
        return [anchored(parts, inputs, a.nc, a.anchors)]
    if parts.network.is_yolov5:
        from cnncalc.importing.ultralytics.modules.yolov9 import sets_of_towers

        return sets_of_towers(parts, inputs, a.nc, 1, grouped=False)
    head = DetectHead(parts, inputs, a.nc)
    return head.finished(detections(head, {}))


@module("v10Detect", declaration="nc", takes_list=True)
def detect_v10(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> list[FeatureMap]:
    """Two sets of towers with depthwise windows, as later versions have them."""
    parts.network.has_plain_heads = False
    head = DetectHead(parts, inputs, a.nc)
    head.bins, head.end_to_end = _BINS, True
    head.box_width = max(16, inputs[0].channels // 4, 4 * _BINS)
    return head.finished(detections(head, {}))


def anchored(
    parts: ModuleParts, inputs: list[FeatureMap], classes: int, anchors: Any, extra: int = 0, *, implicit: bool = False
) -> FeatureMap:  # fmt: skip
    """YOLOv5's head: a 1x1 convolution for each map, and a row of 5 + classes numbers for each anchor and position.

    With `implicit` a learned array is added before each convolution, and another multiplied after it, as in YOLOR.
    """
    length = 5 + classes + extra
    maps = [
        anchor_map(parts.inner(f"m.{number}"), x, length * count, implicit=implicit)
        for number, (x, count) in enumerate(with_anchors(parts, inputs, anchors))
    ]
    return parts.layer("sigmoid", "sigmoid", [anchor_rows(parts, maps, length)])


def with_anchors(
    parts: ModuleParts, inputs: list[FeatureMap], anchors: Any
) -> list[tuple[FeatureMap, int]]:  # fmt: skip
    """Each map and its number of anchors."""
    parts.network.need_images(inputs)
    return list(zip(inputs, _anchor_counts(parts, anchors, len(inputs)), strict=True))


def anchor_map(at: ModuleParts, x: FeatureMap, outputs: int, *, implicit: bool) -> FeatureMap:
    """A 1x1 convolution with the numbers of all anchors as channels."""
    if implicit:
        x = at.layer("shifted", "add", [x, at.weights("ia", x.channels, 1, 1)])
    y = at.bare_conv("conv", x, outputs)
    return at.layer("scaled", "multiply", [y, at.weights("im", outputs, 1, 1)]) if implicit else y


def anchor_rows(parts: ModuleParts, maps: list[FeatureMap], length: int) -> FeatureMap:
    """The maps as rows of `length` numbers, one for each anchor and position."""
    rows = []
    for number, y in enumerate(maps):
        at = parts.inner(f"m.{number}")
        count, sides = y.channels // length, y.shape[1:]
        y = at.permute("anchors", at.reshape("split", y, count, length, *sides), 1, 3, 4, 2)
        rows.append(at.reshape("rows", y, count * prod(sides), length))
    return parts.concat(rows, axis=1) if len(rows) > 1 else rows[0]


def _anchor_counts(parts: ModuleParts, anchors: Any, maps: int) -> list[int]:
    """The number of anchors of each map."""
    if isinstance(anchors, int) and not isinstance(anchors, bool) and 0 < anchors < 1000:
        return [anchors] * maps
    parts.need(anchors not in (None, "anchors"), "the file has no key anchors", "add anchors: with a list for each row")
    is_list = isinstance(anchors, list) and all(isinstance(each, list | tuple) for each in anchors)
    parts.need(is_list, "anchors must be a list with a list of widths and heights for each row, or their number")
    message = f"has {len(anchors)} lists of anchors, but {maps} rows in from"
    parts.need(len(anchors) == maps, message, "give as many lists of anchors as rows")
    counts = [len(each) for each in anchors]
    parts.need(len(set(counts)) == 1 and counts[0] > 0 and counts[0] % 2 == 0,
               f"needs equal numbers of widths and heights in each list of anchors, got {counts}")  # fmt: skip
    return [count // 2 for count in counts]
