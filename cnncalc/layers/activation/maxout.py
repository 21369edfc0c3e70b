from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.term import exact_div
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.activation._axis_changing import AxisChanging
from cnncalc.layers.base import Array, Sight
from cnncalc.layers.keeping import Keeps


class Maxout(AxisChanging):
    """The maximum of every k neighbouring channels.

    Either `pieces`, the k of the paper, or `units`, the number of outputs, sets the groups. The linear pieces are
    computed by the layer before, a `conv` or a `dense` with k times as many outputs. FLOPs: k − 1 comparisons per
    output.
    """

    type = "maxout"
    role = "activation"
    rule = "Cₒ = Cᵢ/k: the maximum of every k neighbouring channels"
    sources = (
        "Goodfellow et al., Maxout Networks, arXiv 1302.4389",
        "TensorFlow Addons, tfa.layers.Maxout",
    )
    examples = ("16x16x8 -> maxout 2", "784 -> dense 240 -> maxout units=48", "16x16x8 -> maxout 4 axis=height")

    pieces = declare.count(
        "number of values per output", default=None, aliases=("k", "pool_size", "num_pieces"),
        positional=True, symbol="k", default_text="the size of the axis divided by units",
    )  # fmt: skip
    units = declare.count(
        "number of outputs along the axis", default=None, aliases=("num_units",), symbol="units",
        default_text="the size of the axis divided by pieces",
    )  # fmt: skip

    def groups(self, x: Shape) -> int:
        """The number of outputs along the axis. Raises Refusal if its size is not divisible or no field is given."""
        size = x[self.place(x)]
        if not self.pieces and not self.units:
            raise Refusal("neither pieces nor units is given", hint="`maxout 2` halves the channels", code="E204")
        if self.pieces and self.units and self.pieces * self.units != size:
            raise Refusal(
                f"{int(self.units)} units of {int(self.pieces)} pieces need "
                f"{int(self.units) * int(self.pieces)} values, got {int(size)}",
                hint="give one of the two; the other follows from it",
                field="units",
                code="E305",
            )
        divisor, field = (self.units, "units") if self.units else (self.pieces, "pieces")
        if size % divisor:
            raise Refusal(f"{int(size)} values are not a multiple of {int(divisor)} {field}", field=field, code="E305")
        return self.units or exact_div(size, self.pieces)

    def shape(self, x: Shape) -> Shape:
        return self.resized(x, self.groups(x))

    def elementwise(self, x: Shape, y: Shape) -> int:
        return prod(y) * (self.pieces_of(x) - 1)

    def kept(self, x: Shape, y: Shape) -> Keeps:
        return Keeps(arrays=(keeping.indices(prod(y)),))

    def pieces_of(self, x: Shape) -> int:
        """The number of values per output."""
        return self.pieces or exact_div(x[self.place(x)], self.units)

    def windows(self, x: Shape) -> Sight:
        """Along a spatial axis the groups are windows, as in a pool."""
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
