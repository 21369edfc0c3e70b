"""What the activations share that take apart or put together an axis: the axis, and what they see along it."""

from __future__ import annotations

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Layer, Sight


class AxisChanging(Layer):
    """An activation without weights that makes one axis longer or shorter."""

    family = "activation"

    axis = declare.axis("the axis that changes its size", aliases=("dim",))

    def place(self, shape: Shape) -> int:
        """The place of the axis in a shape without the batch."""
        return self.axis_index(self.axis, shape)

    def along(self, x: Array) -> int:
        """The place of the axis in an array with the batch."""
        return 1 + self.place(x.shape[1:])

    def resized(self, x: Shape, size: int) -> Shape:
        """The shape with another size along the axis."""
        place = self.place(x)
        return (*x[:place], size, *x[place + 1 :])

    def windows(self, x: Shape) -> Sight:
        """Its own position; along a spatial axis it joins places that are far apart, so there is no single answer."""
        return "pointwise" if self.place(x) == self.axis_index("channels", x) else ()
