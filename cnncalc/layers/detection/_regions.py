"""The base of layers that cut regions out of a feature map."""

from __future__ import annotations

from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.term import ceil_div
from cnncalc.diagnostics import Refusal
from cnncalc.kernels.arrays import as_laid_out, channels_last
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Layer, Sight, show_shape


class RegionLayer(Layer):
    """Cuts regions out of a feature map; each region becomes a sample of a fixed size."""

    family = "detection"
    inputs: ClassVar[tuple[int, int | None]] = (1, 2)

    size = declare.per_axis(
        "output height and width of each region", positional=True, symbol="O",
        aliases=("output_size", "pooled_shape", "pooled_size", "crop_size"),
    )  # fmt: skip
    regions = declare.optional_count(
        "number of regions per image", default_text="the number of boxes", aliases=("num_rois",)
    )
    spatial_scale = declare.number(
        "positions of the map per pixel of the boxes: 1/16 after a total stride of 16", default=1.0, minimum=1e-6
    )

    def shape(self, x: Shape, boxes: Shape | None = None) -> Shape:
        if len(x) != 3:
            raise Refusal(
                f"{self.type} needs a feature map with height and width, got {show_shape(x)}",
                hint="give it a feature map with 2 spatial axes",
                code="E303",
            )
        self._count(boxes)
        return self.volume(self.axes(self.size, x, "size"), self.channels(x))

    def multiplicity(self, x: Shape, boxes: Shape | None = None) -> int:
        return self._count(boxes)

    def _count(self, boxes: Shape | None) -> int:
        """The number of regions per image. Raises Refusal if it is not given, or given twice with different values."""
        if boxes is None:
            if self.regions is None:
                raise Refusal(
                    "the number of regions is unknown",
                    hint="write regions=100, or give the boxes as second input, from: [features, boxes]",
                    code="E205",
                )
            return self.regions
        if len(boxes) != 2 or boxes[1] != 4:
            raise Refusal(
                f"the boxes are {show_shape(boxes)}, but they must be R×4: x1, y1, x2, y2 for each of R regions",
                hint="give the boxes of one image, without its index" if boxes[1:] == (5,) else "",
                code="E308",
            )
        if self.regions is not None and self.regions != boxes[0]:
            raise Refusal(
                f"{int(self.regions)} regions, but the second input has {int(boxes[0])} boxes",
                hint="remove regions; the boxes set their number",
                field="regions",
                code="E308",
            )
        return boxes[0]

    def reads(self, x: Shape) -> tuple[int, ...]:
        """Along each axis, the number of positions per output for a region as large as the whole map."""
        axes = zip(self.spatial(x), self.axes(self.size, x, "size"), strict=True)
        return tuple(ceil_div(whole, bins) for whole, bins in axes)

    def windows(self, *inputs: Shape) -> Sight:
        """Undefined: the position of a region depends on the data."""
        return ()

    def remarks(self, x: Shape, *others: Shape) -> tuple[str, ...]:
        if len(others) > 1:
            return ()
        return ("With one input the regions are unknown: the forward pass spreads them evenly over the map.",)

    def forward(self, np: ModuleType, x: Array, boxes: Array | None = None) -> Array:
        last = channels_last(np, x, self.setting)
        sizes = self.axes(self.size, x.shape[1:], "size")
        if boxes is None:
            boxes = self._spread(np, last)
        cut = [self.cut(np, image, box, sizes) for image, own in zip(last, boxes, strict=True) for box in own]
        return as_laid_out(np, np.stack(cut), self.setting)

    def _spread(self, np: ModuleType, x: Array) -> Array:
        """Regions of half the map's height and width, spaced evenly along its diagonal, in pixels of the boxes."""
        height, width = (size / self.spatial_scale / 2 for size in x.shape[1:3])
        starts = (np.arange(self.regions, dtype=x.dtype) + 0.5) / self.regions
        corners = np.stack([starts * width, starts * height, (starts + 1) * width, (starts + 1) * height], axis=-1)
        return np.broadcast_to(corners, (len(x), *corners.shape))

    def cut(self, np: ModuleType, image: Array, box: Array, sizes: tuple[int, ...]) -> Array:
        """One region of an image (height, width, channels), as an array of `sizes` and the channels."""
        raise NotImplementedError
