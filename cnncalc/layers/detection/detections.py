from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.kernels.arrays import channels_last
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Sight, show_shape


class Detections(Layer):
    """The output of a detection head as a list: one row per anchor of each cell, in row order of the cells.

    A head is a convolution with A·(5 + classes) filters: for each of A anchors a box (4), the objectness (1), and the
    classes. This layer only regroups them. `values` is how many numbers precede the classes: 5 as in YOLO, 4 without
    the objectness, 0 for a head of classes alone, as in RetinaNet. FLOPs: none.
    """

    type = "detections"
    aliases = ("detection_output_rows", "yolo_rows")
    family = "detection"
    rule = "detections: H×W×(A·(values + classes)) becomes (H·W·A)×(values + classes)"
    sources = (
        "Redmon & Farhadi, YOLOv3, arXiv 1804.02767, section 2.3",
        "torchvision.models.detection.rpn.permute_and_flatten",
    )
    examples = (
        "13x13x32 -> conv 255 1x1 -> detections 3 80",
        "25x34x16 -> conv 36 3x3 p1 -> detections 9 0 values=4",
    )

    anchors = declare.count(
        "number of anchors per cell", positional=True, symbol="A", aliases=("num_anchors", "anchors_per_cell")
    )
    classes = declare.count(
        "number of classes", minimum=0, positional=True, symbol="classes", aliases=("num_classes", "nc")
    )
    values_ = declare.count(
        "how many numbers precede the classes: a box and its objectness", minimum=0, default=5, symbol="v"
    )
    keeps = keeping.INPUTS

    def shape(self, x: Shape) -> Shape:
        if len(x) != 3:
            raise Refusal(
                f"detections needs a feature map with height and width, got {show_shape(x)}",
                hint="give it the output of a convolution with 2 spatial axes",
                code="E303",
            )
        row, channels = self.values_ + self.classes, self.channels(x)
        if not row or channels != self.anchors * row:
            raise self._misfit(int(channels), int(row))
        height, width = self.spatial(x)
        return height * width * self.anchors, row

    def _misfit(self, channels: int, row: int) -> Refusal:
        needed = int(self.anchors) * row
        formula = f"{int(self.anchors)} × ({int(self.values_)} + {int(self.classes)})"
        if not row:
            return Refusal("each row would be empty: values and classes are both 0", field="classes", code="E304")
        return Refusal(
            f"{channels} channels, but anchors × (values + classes) = {formula} = {needed}",
            hint=f"give the convolution before it {needed} filters",
            field="anchors",
            code="E305",
        )

    def windows(self, x: Shape) -> Sight:
        """Undefined: the rows are not positions along an axis."""
        return ()

    def forward(self, np: ModuleType, x: Array) -> Array:
        last = channels_last(np, x, self.setting)
        return last.reshape(len(x), -1, last.shape[-1] // self.anchors)
