"""The base of activations that halve, double or group an axis."""

from __future__ import annotations

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Layer, Sight


class AxisChanging(Layer):
    """An activation without weights that makes one axis longer or shorter."""

    family = "activation"

    axis = declare.axis("the axis that changes its size", aliases=("dim",))

    def place(self, shape: Shape) -> int:
        """The index of the axis in a shape without the batch axis."""
        return self.axis_index(self.axis, shape)

    def along(self, x: Array) -> int:
        """The index of the axis in an array with the batch axis."""
        return 1 + self.place(x.shape[1:])

    def resized(self, x: Shape, size: int) -> Shape:
        """The shape with another size along the axis."""
        place = self.place(x)
        return (*x[:place], size, *x[place + 1 :])

    def windows(self, x: Shape) -> Sight:
        """Each output reads its own position; undefined along a spatial axis, where it combines distant positions."""
        return "pointwise" if self.place(x) == self.axis_index("channels", x) else ()
