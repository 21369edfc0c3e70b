from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer
from cnncalc.layers.declare import Numbers
from cnncalc.layers.normalization._axis_numbers import along, check_length


class Rescaling(Layer):
    """Maps pixels to another range: every element times a fixed scale, plus a fixed offset.

    Both are one number, or one per channel. Nothing is learned.

    FLOPs: one per element for the scale, and one for an offset.
    """

    type = "rescaling"
    aliases = ("Rescale",)
    family = "normalization"
    least_axes = 0
    rule = "rescaling: x·scale + offset, the shape is unchanged"
    sources = ("Keras, keras.layers.Rescaling",)
    examples = ("5x7x3 -> rescaling scale=1/255", "5x7x3 -> rescaling 2 offset=-1")

    scale: Numbers = declare.numbers(
        "factor of every element: a number, a quotient, or a list with one per channel", positional=True
    )
    offset: Numbers = declare.numbers(
        "offset added to every element: a number, or a list with one per channel", default=0.0, default_text="0"
    )
    keeps = keeping.NOTHING

    def shape(self, x: Shape) -> Shape:
        if not x and not isinstance(self.scale, tuple) and not isinstance(self.offset, tuple):
            return x
        place = self.axis_index("channels", x)
        check_length(self.scale, x, place, "scale")
        check_length(self.offset, x, place, "offset")
        return x

    def runs_in_place(self) -> bool:
        return True

    def elementwise(self, x: Shape, y: Shape) -> int:
        return (2 if self.offset else 1) * prod(y)

    def forward(self, np: ModuleType, x: Array) -> Array:
        if x.ndim == 1:
            return x * self.scale + self.offset
        place = self.axis_index("channels", x.shape[1:])
        return x * along(np, self.scale, x, place) + along(np, self.offset, x, place)
