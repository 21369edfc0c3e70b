"""The base of unpooling layers without a window: every value fills one cell."""

from __future__ import annotations

from cnncalc.arithmetic import taps
from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Layer, Reach


class Cells(Layer):
    """Every value becomes a cell of `factor` positions along each axis; the channels are unchanged."""

    family = "pooling"
    rule = "unpooling: O = W·S; depth unchanged"
    spatial_suffix = True

    factor = declare.per_axis(
        "size of the cell of each value", positional=True, symbol="S", short="s",
        aliases=("stride", "strides", "scale", "scale_factor", "size", "kernel", "kernel_size", "pool_size"),
    )  # fmt: skip
    keeps = keeping.NOTHING

    def factors(self, x: Shape) -> tuple[int, ...]:
        """The factor along each spatial axis."""
        return self.axes(self.factor, x, "factor")

    def shape(self, x: Shape) -> Shape:
        self.require_spatial(x)
        outputs = tuple(W * S for W, S in zip(self.spatial(x), self.factors(x), strict=True))
        return self.volume(outputs, self.channels(x))

    def windows(self, x: Shape) -> tuple[AxisWindow, ...]:
        """An output reads at most one input; neighbouring outputs are 1/S of an input apart."""
        axes = zip(self.spatial(x), self.factors(x), strict=True)
        return tuple(AxisWindow(1, 1, 0, 0, W * S, S) for W, S in axes)

    def reach(self, x: Shape) -> Reach:
        """Each output reads the value that fills its cell."""
        return taps.patterns(map(taps.repeated, self.factors(x)))
