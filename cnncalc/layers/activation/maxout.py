from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.term import exact_div
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.activation._axis_changing import AxisChanging
from cnncalc.layers.base import Array, Sight


class Maxout(AxisChanging):
    """The largest of every k neighbours along the channels.

    Either `pieces`, the k of the paper, or `units`, the number of outputs, says how they are grouped. The linear
    pieces themselves are the layer before, a `conv` or a `dense` of k times as many outputs.
    FLOPs: k − 1 comparisons per output.
    """

    type = "maxout"
    role = "activation"
    rule = "O = C/k: the largest of every k neighbouring channels"
    sources = (
        "Goodfellow et al., Maxout Networks, arXiv 1302.4389",
        "TensorFlow Addons, tfa.layers.Maxout",
    )
    examples = ("16x16x8 -> maxout 2", "784 -> dense 240 -> maxout units=48", "16x16x8 -> maxout 4 axis=height")

    pieces = declare.count(
        "how many values compete for one output", default=None, aliases=("k", "pool_size", "num_pieces"),
        positional=True, symbol="k", default_text="the size of the axis divided by units",
    )  # fmt: skip
    units = declare.count(
        "how many outputs there are along the axis", default=None, aliases=("num_units",), symbol="units",
        default_text="the size of the axis divided by pieces",
    )  # fmt: skip

    def groups(self, x: Shape) -> int:
        """The number of outputs along the axis; Refusal if what is given does not divide its size, or nothing is."""
        size = x[self.place(x)]
        if not self.pieces and not self.units:
            raise Refusal("neither pieces nor units is given", hint="`maxout 2` halves the channels", code="E204")
        if self.pieces and self.units and self.pieces * self.units != size:
            raise Refusal(
                f"{int(self.units)} units of {int(self.pieces)} pieces need "
                f"{int(self.units) * int(self.pieces)} values, got {int(size)}",
                hint="give one of the two: the other follows",
                field="units",
                code="E305",
            )
        divisor, field = (self.units, "units") if self.units else (self.pieces, "pieces")
        if size % divisor:
            raise Refusal(f"{int(size)} values are no multiple of {int(divisor)} {field}", field=field, code="E305")
        return self.units or exact_div(size, self.pieces)

    def shape(self, x: Shape) -> Shape:
        return self.resized(x, self.groups(x))

    def elementwise(self, x: Shape, y: Shape) -> int:
        return prod(y) * (self.pieces_of(x) - 1)

    def pieces_of(self, x: Shape) -> int:
        """The number of values that compete for one output."""
        return self.pieces or exact_div(x[self.place(x)], self.units)

    def windows(self, x: Shape) -> Sight:
        """Along a spatial axis the groups are the windows of a pool."""
        place = self.place(x)
        if place == self.axis_index("channels", x):
            return "pointwise"
        place = place if self.setting.layout == "HWC" else place - 1
        pieces, groups = self.pieces_of(x), self.groups(x)
        return tuple(
            AxisWindow(pieces, pieces, 0, 0, groups) if index == place else AxisWindow(1, 1, 0, 0, W)
            for index, W in enumerate(self.spatial(x))
        )

    def forward(self, np: ModuleType, x: Array) -> Array:
        along = self.along(x)
        pieces = self.pieces or x.shape[along] // self.units
        return x.reshape(*x.shape[:along], -1, pieces, *x.shape[along + 1 :]).max(axis=along + 1)
