from __future__ import annotations

from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Sight, show_shape

_USUAL_THRESHOLD = 0.5


class Nms(Layer):
    """Non-maximum suppression: the boxes with the highest scores, without those that overlap a better one.

    One input has rows of x1, y1, x2, y2, score and anything else; two inputs, `from: [boxes, scores]`, are N×4 and N,
    or N×1. The output always has `keep` rows, the best first, filled with zeros. A box is removed if its intersection
    with a better box that is kept is more than `iou_threshold` of their union. No parameters. FLOPs: none are counted,
    because the number of comparisons depends on the data.
    """

    type = "nms"
    without_effect: ClassVar[tuple[str, ...]] = ("center_point_box",)
    aliases = ("NonMaxSuppression", "non_max_suppression", "non_maximum_suppression")
    family = "detection"
    rule = "non-maximum suppression: as many rows as are kept, of unchanged length"
    sources = ("torchvision.ops.nms", "ONNX operators, NonMaxSuppression", "TensorFlow, tf.image.non_max_suppression")
    examples = (
        "300x6 -> nms 100",
        "boxes: 300x4, scores: 300 -> nms 100 iou_threshold=0.7 from=[boxes, scores]",
        "x: 7x5x8, s: 35 -> anchors per_cell=1 from=x -> nms 9 from=[anchors_1, s] -> roi_align 7 from=[x, nms_1]",
    )
    inputs = (1, 2)

    keep = declare.count(
        "number of output boxes", positional=True, symbol="K",
        aliases=("max_output_size", "max_detections", "max_output_boxes_per_class", "top_k", "post_nms_top_n"),
    )  # fmt: skip
    iou_threshold = declare.optional_number(
        "maximum intersection over union with a better box", default_text="0.5; 0 under onnx", minimum=0.0,
        aliases=("nms_threshold", "nms_thresh", "iou_thres"),
    )  # fmt: skip
    score_threshold = declare.optional_number(
        "minimum score, exclusive", default_text="none", aliases=("score_thresh", "conf_thres", "confidence_threshold")
    )
    keeps = keeping.NOTHING

    def shape(self, boxes: Shape, scores: Shape | None = None) -> Shape:
        fits = len(boxes) == 2 and (boxes[1] >= 5 if scores is None else boxes[1] == 4)
        if not fits:
            needed = "x1, y1, x2, y2 and a score" if scores is None else "x1, y1, x2, y2"
            raise Refusal(
                f"{show_shape(boxes)} is not a list of rows of {needed}",
                hint="give the scores as second input, from: [boxes, scores]" if boxes[1:] == (4,) else "",
                code="E308",
            )
        if scores is not None and scores not in ((boxes[0],), (boxes[0], 1)):
            raise Refusal(
                f"{int(boxes[0])} boxes, but the scores are {show_shape(scores)}",
                hint="one score per box is needed",
                code="E308",
            )
        return self.keep, boxes[1]

    def windows(self, *inputs: Shape) -> Sight:
        """Undefined: the boxes that are kept depend on the data."""
        return ()

    def forward(self, np: ModuleType, boxes: Array, scores: Array | None = None) -> Array:
        ranked = boxes[:, :, 4] if scores is None else scores.reshape(len(scores), -1)
        y = np.zeros((len(boxes), self.keep, boxes.shape[2]), dtype=boxes.dtype)
        for kept, rows, score in zip(y, boxes, ranked, strict=True):
            chosen = self._best(np, rows[:, :4], score)
            kept[: len(chosen)] = rows[chosen]
        return y

    def _best(self, np: ModuleType, boxes: Array, scores: Array) -> list[int]:
        """The indices of the boxes that are kept, the best first."""
        waiting = np.argsort(-scores, kind="stable")
        if self.score_threshold is not None:
            waiting = waiting[scores[waiting] > self.score_threshold]
        chosen: list[int] = []
        while len(waiting) and len(chosen) < self.keep:
            best, waiting = int(waiting[0]), waiting[1:]
            chosen.append(best)
            waiting = waiting[~self._overlap(np, boxes[best], boxes[waiting])]
        return chosen

    def _overlap(self, np: ModuleType, box: Array, others: Array) -> Array:
        """Whether each of the others overlaps `box` by more than the threshold."""
        default = 0.0 if self.setting.convention.name == "onnx" else _USUAL_THRESHOLD
        threshold = default if self.iou_threshold is None else self.iou_threshold
        sides = np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2])
        common = np.maximum(sides, 0).prod(axis=1)
        union = _area(box) + _area(others) - common
        return common > union * union.dtype.type(threshold)


def _area(boxes: Array) -> Array:
    return (boxes[..., 2] - boxes[..., 0]) * (boxes[..., 3] - boxes[..., 1])
