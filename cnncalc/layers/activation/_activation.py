"""What activations share: a function of each element that leaves the shape alone."""

from __future__ import annotations

from math import prod

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers.base import Layer


class Activation(Layer):
    """A function without learned weights, counted as one operation per element.

    A subclass's `forward` keeps the array's type, passes NaN on, and stays silent where a float32 would overflow.
    """

    family = "activation"
    usable_as_activation = True
    takes_empty = True
    least_axes = 0

    def shape(self, x: Shape) -> Shape:
        return x

    def elementwise(self, x: Shape, y: Shape) -> int:
        return prod(y)
