from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers.base import Array
from cnncalc.layers.detection._regions import RegionLayer
from cnncalc.layers.keeping import Keeps, KeptArray


class RoiPool(RegionLayer):
    """Region pooling: divides every region of a feature map into a grid of cells and takes the maximum of each.

    One input, the map, with `regions` of them, or two, `from: [features, boxes]`, where the boxes are R×4 (x1, y1, x2,
    y2 in pixels, which `spatial_scale` converts to rounded positions; both ends belong to the region). Every region
    becomes a separate sample: the layers after it run, and count, R times. A cell outside of the map gives 0.

    FLOPs: the comparisons of each cell, one fewer than its positions, for a region as large as the whole map.
    """

    type = "roi_pool"
    aliases = ("MaxRoiPool", "ROIPooling")
    rule = "region pooling: the size asked for, in each region; channels unchanged"
    sources = (
        "Girshick, Fast R-CNN, arXiv 1504.08083, section 2.1",
        "torchvision.ops.roi_pool",
        "ONNX operators, MaxRoiPool",
    )
    examples = (
        "38x50x16 -> roi_pool 7 regions=64 spatial_scale=0.0625 -> flatten -> dense 10",
        "map: 25x34x8, boxes: 13x4 -> roi_pool 7x5 from=[map, boxes] -> conv 8 3x3 p1",
    )

    def elementwise(self, *shapes: Shape) -> int:
        return prod(shapes[-1]) * (prod(self.reads(shapes[0])) - 1)

    def kept(self, x: Shape, *others: Shape) -> Keeps:
        return Keeps((1,), arrays=(KeptArray("argmax", prod(others[-1]), item_bytes=4),))

    def cut(self, np: ModuleType, image: Array, box: Array, sizes: tuple[int, ...]) -> Array:
        left, top, right, bottom = _rounded(np, box * box.dtype.type(self.spatial_scale))
        y = np.zeros((*sizes, image.shape[-1]), dtype=image.dtype)
        columns = _cells(np, left, right, sizes[1], image.shape[1])
        for row, (first, last) in enumerate(_cells(np, top, bottom, sizes[0], image.shape[0])):
            if first >= last:
                continue
            band = image[first:last].max(axis=0)
            for column, (start, end) in enumerate(columns):
                if start < end:
                    y[row, column] = band[start:end].max(axis=0)
        return y


def _rounded(np: ModuleType, values: Array) -> Array:
    """Round to whole numbers, halves away from zero."""
    return np.trunc(values + np.copysign(values.dtype.type(0.5), values))


def _cells(np: ModuleType, start: Array, end: Array, bins: int, size: int) -> list[tuple[int, int]]:
    """The first position of each cell along an axis and one past its last, limited to the map."""
    step = np.maximum(end - start + 1, start.dtype.type(1)) / start.dtype.type(bins)
    edges = np.arange(bins + 1, dtype=start.dtype) * step
    firsts = np.clip(np.floor(edges[:-1]) + start, 0, size)
    pasts = np.clip(np.ceil(edges[1:]) + start, 0, size)
    return [(int(first), int(past)) for first, past in zip(firsts, pasts, strict=True)]
