"""The base of all functions of single elements."""

from __future__ import annotations

from math import prod
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers.base import Layer, Role


class Function(Layer):
    """A function of each element: the shape stays, nothing is learned, one operation per element.

    Arithmetic unless a subclass says otherwise; `usable_as_activation` lets a function follow another layer as a word.
    A subclass's `forward` keeps the array's type, passes NaN on, and stays silent where a float32 would overflow.
    """

    family = "elementwise"
    role: ClassVar[Role] = "function"
    takes_empty = True
    least_axes = 0

    def shape(self, x: Shape) -> Shape:
        return x

    def elementwise(self, x: Shape, y: Shape) -> int:
        return prod(y)
