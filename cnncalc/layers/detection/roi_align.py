from __future__ import annotations

from math import prod
from types import ModuleType
from typing import Any, ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.kernels.sampling import bilinear
from cnncalc.layers import declare
from cnncalc.layers.base import Array
from cnncalc.layers.detection._regions import RegionLayer
from cnncalc.layers.keeping import Keeps


class RoiAlign(RegionLayer):
    """Region alignment: interpolates every region of a feature map at a regular grid of points.

    One input, the map, with `regions` of them, or two, `from: [features, boxes]`, where the boxes are R×4 (x1, y1, x2,
    y2 in pixels, which `spatial_scale` converts to positions). Every region becomes a separate sample: the layers after
    it run, and count, R times. Each output is the mean of `sampling_ratio` × `sampling_ratio` points, interpolated
    bilinearly; with 0, as many points as the output covers positions.

    FLOPs: eight per point and output value: four products and three sums for the interpolation, one for the mean. If
    the number of points depends on the region, it is counted for one as large as the whole map.
    """

    type = "roi_align"
    without_effect: ClassVar[tuple[str, ...]] = ("mode",)
    meanings: ClassVar[dict[str, tuple[str, dict[Any, Any]]]] = {
        "coordinate_transformation_mode": ("aligned", {"half_pixel": True, "output_half_pixel": False}),
    }
    rule = "region alignment: the size asked for, in each region; channels unchanged"
    sources = (
        "He et al., Mask R-CNN, arXiv 1703.06870, section 3",
        "torchvision.ops.roi_align",
        "ONNX operators, RoiAlign",
    )
    examples = (
        "50x68x16 -> roi_align 7 regions=100 spatial_scale=0.0625 -> flatten -> dense 10",
        "map: 25x34x8, boxes: 13x4 -> roi_align 7x5 sampling_ratio=2 from=[map, boxes] -> conv 8 3x3 p1",
    )

    sampling_ratio = declare.count(
        "points along each axis of an output; 0 or -1 for as many as it covers positions", minimum=-1, default=0,
        symbol="s",
    )  # fmt: skip
    aligned = declare.flag(
        "whether coordinates refer to pixel centres, which shifts them by half a position", default=None,
        default_text="false; true under onnx",
    )  # fmt: skip
    keeps = Keeps((1,))

    def shape(self, x: Shape, boxes: Shape | None = None) -> Shape:
        if self.sampling_ratio < 0 and self.setting.convention.name == "onnx":
            raise Refusal(
                "ONNX Runtime's RoiAlign does not accept a negative sampling_ratio",
                hint="write 0 for as many points as an output covers positions",
                field="sampling_ratio",
                code="E304",
            )
        return super().shape(x, boxes)

    def elementwise(self, *shapes: Shape) -> int:
        ratio = self.sampling_ratio
        places = ratio * ratio if ratio > 0 else prod(self.reads(shapes[0]))
        return prod(shapes[-1]) * places * 8

    def remarks(self, x: Shape, *others: Shape) -> tuple[str, ...]:
        known = super().remarks(x, *others)
        return known if self.sampling_ratio > 0 else (*known, _DEPENDS_ON_THE_REGION)

    def _half(self) -> float:
        aligned = self.setting.convention.name == "onnx" if self.aligned is None else self.aligned
        return 0.5 if aligned else 0.0

    def cut(self, np: ModuleType, image: Array, box: Array, sizes: tuple[int, ...]) -> Array:
        left, top, right, bottom = box * box.dtype.type(self.spatial_scale) - box.dtype.type(self._half())
        rows = self._places(np, top, bottom, sizes[0])
        columns = self._places(np, left, right, sizes[1])
        down, inside_rows = _on_the_map(np, rows, image.shape[0])
        across, inside_columns = _on_the_map(np, columns, image.shape[1])
        grid = np.broadcast_arrays(down[:, None], across)
        read = bilinear(np, image[None], grid[0][None], grid[1][None])[0]
        read *= (inside_rows[:, None] & inside_columns)[..., None]
        cells = read.reshape(*rows.shape, *columns.shape, image.shape[-1])
        return cells.sum(axis=(1, 3)) / image.dtype.type(max(rows.shape[1] * columns.shape[1], 1))

    def _places(self, np: ModuleType, start: Array, end: Array, bins: int) -> Array:
        """The coordinates that each output reads along an axis: (outputs, points)."""
        extent = end - start if self._half() else np.maximum(end - start, start.dtype.type(1))
        step = extent / start.dtype.type(bins)
        count = self.sampling_ratio if self.sampling_ratio > 0 else max(int(np.ceil(step)), 0)
        within = (np.arange(count, dtype=start.dtype) + start.dtype.type(0.5)) * step / start.dtype.type(max(count, 1))
        return start + np.arange(bins, dtype=start.dtype)[:, None] * step + within


_DEPENDS_ON_THE_REGION = (
    "The number of points depends on the region: the FLOPs are those of a region as large as the whole map."
)


def _on_the_map(np: ModuleType, places: Array, size: int) -> tuple[Array, Array]:
    """The coordinates along an axis, flattened and clipped to the map; and whether each is less than 1 outside it."""
    flat = places.reshape(-1)
    return np.clip(flat, 0, size - 1), (flat >= -1) & (flat <= size)
