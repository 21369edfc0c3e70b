"""What softmax and its logarithm share: the axis along which values compete."""

from __future__ import annotations

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.layers import declare
from cnncalc.layers.activation._elementwise import Activation
from cnncalc.layers.base import Sight


class Competition(Activation):
    """An activation whose outputs depend on all values along one axis."""

    axis = declare.axis("the axis whose values compete", aliases=("dim",))

    def shape(self, x: Shape) -> Shape:
        self.axis_index(self.axis, x)
        return x

    def windows(self, x: Shape) -> Sight:
        """Its own position along every axis but the one of competition, which it sees from end to end."""
        axis = self.axis_index(self.axis, x)
        if axis == self.axis_index("channels", x):
            return "pointwise"
        place = axis if self.setting.layout == "HWC" else axis - 1
        return tuple(
            AxisWindow(2 * W - 1, 1, W - 1, W - 1, W) if index == place else AxisWindow(1, 1, 0, 0, W)
            for index, W in enumerate(self.spatial(x))
        )
