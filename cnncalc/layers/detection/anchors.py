from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.term import Term
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Sight, show_shape

_SMALLEST_SIDE = 32


class Anchors(Layer):
    """Anchor boxes: the same boxes around every cell of a feature map, as x1, y1, x2, y2 in pixels of the image.

    Every size is combined with every ratio (height over width, at the same area), as in region proposal networks: A
    boxes around the corner of each cell, rounded to pixels, ordered by row, cell and ratio. Only the map's height and
    width matter. Without sizes, the boxes are `per_cell` squares of 32, 64, 96 … pixels. No parameters; FLOPs: none,
    because the boxes are constants.
    """

    type = "anchors"
    aliases = ("AnchorGenerator", "anchor_boxes", "PriorBox", "default_boxes")
    family = "detection"
    rule = "anchors: H·W·A boxes of 4 numbers, A = sizes × ratios"
    sources = (
        "Ren et al., Faster R-CNN, arXiv 1506.01497, section 3.1.1",
        "torchvision.models.detection.anchor_utils.AnchorGenerator",
    )
    examples = (
        "50x68x16 -> anchors sizes=[32,64,128] ratios=[0.5,1,2] stride=16",
        "19x19x8 -> anchors per_cell=6 stride=16",
    )

    per_cell: int | None = declare.count(
        "number of boxes around each cell",
        default=None,
        default_text="sizes × ratios",
        symbol="A",
        aliases=("num_anchors",),
    )
    sizes = declare.positive_numbers("sides of the square boxes, in pixels", default=(), default_text="none")
    ratios = declare.positive_numbers("ratios of height to width", default=(1.0,), aliases=("aspect_ratios",))
    stride = declare.per_axis(
        "distance between neighbouring cells, in pixels of the image", default=1, aliases=("step", "steps")
    )
    keeps = keeping.NOTHING

    def shape(self, x: Shape) -> Shape:
        if len(x) != 3:
            raise Refusal(
                f"anchors needs a feature map with height and width, got {show_shape(x)}",
                hint="give it a feature map with 2 spatial axes",
                code="E303",
            )
        self.axes(self.stride, x, "stride")
        height, width = self.spatial(x)
        return height * width * self._count(), 4

    def _count(self) -> int:
        """The number of boxes around a cell. Raises Refusal if it is not given, or two fields differ."""
        combined = len(self.sizes) * len(self.ratios)
        if self.per_cell is None:
            if not combined:
                raise Refusal("anchors needs sizes", hint="for example sizes=[32,64], or per_cell=9", code="E205")
            return combined
        if combined and self.per_cell != combined:
            raise Refusal(
                f"{len(self.sizes)} sizes × {len(self.ratios)} ratios are {combined} boxes, "
                f"not {int(self.per_cell)} per cell",
                hint="remove per_cell",
                field="per_cell",
                code="E304",
            )
        return self.per_cell

    def traced(self, rank: int) -> Layer:
        traced = super().traced(rank)
        traced.__dict__["per_cell"] = Term.leaf(self._count(), "A")
        return traced

    def windows(self, x: Shape) -> Sight:
        """The boxes do not depend on the input's values."""
        return ()

    def forward(self, np: ModuleType, x: Array) -> Array:
        height, width = self.spatial(x.shape[1:])
        down, right = self.axes(self.stride, x.shape[1:], "stride")
        rows, columns = np.meshgrid(np.arange(height) * down, np.arange(width) * right, indexing="ij")
        corners = np.stack([columns, rows, columns, rows], axis=-1).reshape(-1, 1, 4)
        boxes = (corners + self._around_a_cell(np)).reshape(-1, 4).astype(x.dtype)
        return np.repeat(boxes[None], len(x), axis=0)

    def _around_a_cell(self, np: ModuleType) -> Array:
        """The boxes (A, 4) around the origin."""
        given = (self.ratios, self.sizes) if self.sizes else ((1.0,), self._stand_ins())
        ratios, sides = (np.array(numbers, dtype=np.float32) for numbers in given)
        ratios = np.sqrt(ratios)[:, None]
        heights, widths = (ratios * sides).reshape(-1), (1 / ratios * sides).reshape(-1)
        return np.round(np.stack([-widths, -heights, widths, heights], axis=-1) / 2)

    def _stand_ins(self) -> tuple[int, ...]:
        """The sides of the boxes if only their number is given."""
        return tuple(_SMALLEST_SIDE * place for place in range(1, self._count() + 1))
