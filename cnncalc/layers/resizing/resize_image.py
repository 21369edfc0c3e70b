"""The `resize_image` layer type."""

from __future__ import annotations

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare
from cnncalc.layers.resizing._resampled import Resampled, mode_field
from cnncalc.layers.resizing._scaling import Scale


class ResizeImage(Resampled):
    """`upsample` as Keras's Resizing has it: to a height and a width, linear unless said otherwise.

    FLOPs: as `upsample` counts them.
    """

    type = "resize_image"
    aliases = ("Resizing",)
    rule = "resizing: H and W as given; depth unchanged"
    sources = ("Keras, keras.layers.Resizing and keras.ops.image.resize",)
    examples = ("13x17x3 -> resize_image 32 32", "13x17x3 -> resize_image 224 224 nearest")
    spatial_suffix = False

    height = declare.count("the output's height", positional=True, symbol="H′")
    width = declare.count("the output's width", positional=True, symbol="W′")
    mode = mode_field("linear")

    def scales(self, x: Shape) -> tuple[Scale, ...] | None:
        return None

    def sized(self, x: Shape) -> Shape:
        return self.wanted(x)

    def wanted(self, x: Shape) -> Shape:
        self.axes((self.height, self.width), x, "height")
        return self.height, self.width
