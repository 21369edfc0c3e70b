"""The base of functions of single elements."""

from __future__ import annotations

from math import prod
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import keeping
from cnncalc.layers.base import Layer, Role


class Function(Layer):
    """A function of each element: the shape is unchanged, nothing is learned, one operation per element.

    The role is arithmetic by default; with `usable_as_activation` other layers can name the function as their
    activation. A subclass's `forward` keeps the array's type, passes NaN on, and raises no warning if a float32
    overflows.
    """

    family = "elementwise"
    role: ClassVar[Role] = "function"
    takes_empty = True
    least_axes = 0
    keeps = keeping.INPUTS

    def shape(self, x: Shape) -> Shape:
        return x

    def runs_in_place(self) -> bool:
        return True

    def elementwise(self, x: Shape, y: Shape) -> int:
        return prod(y)
