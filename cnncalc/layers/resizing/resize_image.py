from __future__ import annotations

from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, shared_fields
from cnncalc.layers.base import Array
from cnncalc.layers.declare import Scale
from cnncalc.layers.resizing._resampled import Resampled


class ResizeImage(Resampled):
    """`upsample` as in Keras's Resizing: to a height and a width, linear by default.

    To keep the aspect ratio, the image can first be cropped around its centre, or padded with zeros. FLOPs: as in
    `upsample`.
    """

    type = "resize_image"
    without_effect: ClassVar[tuple[str, ...]] = ("fill_mode", "fill_value", "antialias")
    aliases = ("Resizing",)
    rule = "resizing: H and W as given; depth unchanged"
    sources = ("Keras, keras.layers.Resizing and keras.ops.image.resize",)
    examples = (
        "13x17x3 -> resize_image 32 32",
        "13x17x3 -> resize_image 224 224 nearest",
        "240x320x3 -> resize_image 224 224 crop_to_aspect_ratio=true",
    )
    spatial_suffix = False

    height = declare.count("output height", positional=True, symbol="H′")
    width = declare.count("output width", positional=True, symbol="W′")
    mode = shared_fields.resizing_mode("linear")
    crop_to_aspect_ratio = declare.flag(
        "whether the image is first cropped to the output's aspect ratio", default=False
    )
    pad_to_aspect_ratio = declare.flag(
        "whether the image is first padded with zeros to the output's aspect ratio", default=False
    )

    def shape(self, x: Shape) -> Shape:
        if self.crop_to_aspect_ratio and self.pad_to_aspect_ratio:
            raise Refusal(
                "an image is cropped or padded, not both", hint="remove one of them", field="pad_to_aspect_ratio",
                code="E204",
            )  # fmt: skip
        return super().shape(x)

    def scales(self, x: Shape) -> tuple[Scale, ...] | None:
        return None

    def sized(self, x: Shape) -> Shape:
        return self.wanted(x)

    def wanted(self, x: Shape) -> Shape:
        self.axes((self.height, self.width), x, "height")
        return self.height, self.width

    def resized(self, x: Shape) -> Shape:
        kept = zip(self.spatial(x), self.shifts(x), self._like(x), strict=True)
        if self.crop_to_aspect_ratio:
            return tuple(max(min(size, like), 1) for size, _, like in kept)
        return tuple(size - 2 * shift for size, shift, _ in kept)

    def shifts(self, x: Shape) -> Shape:
        axes = list(zip(self.spatial(x), self._like(x), strict=True))
        if self.crop_to_aspect_ratio:
            return tuple((size - max(min(size, like), 1)) // 2 for size, like in axes)
        if not self.pad_to_aspect_ratio:
            return (0, 0)
        down, right = (max(like - size, 0) // 2 for size, like in axes)
        return (-down, 0) if down else (0, -right)

    def _like(self, x: Shape) -> tuple[int, int]:
        """The height and width of the input with the output's aspect ratio."""
        height, width = self.spatial(x)
        return width * self.height // self.width, height * self.width // self.height

    def forward(self, np: ModuleType, x: Array) -> Array:
        first = 1 if self.setting.layout == "HWC" else 2
        height, width = x.shape[first : first + 2]
        like_height, like_width = width * self.height // self.width, height * self.width // self.height
        if self.crop_to_aspect_ratio:
            for axis, size, kept in ((first, height, like_height), (first + 1, width, like_width)):
                kept = max(min(size, kept), 1)
                x = np.take(x, range((size - kept) // 2, (size - kept) // 2 + kept), axis)
        elif self.pad_to_aspect_ratio:
            borders = [(0, 0)] * x.ndim
            down, right = max(like_height - height, 0) // 2, max(like_width - width, 0) // 2
            borders[first if down else first + 1] = (down, down) if down else (right, right)
            x = np.pad(x, borders)
        return super().forward(np, x)
