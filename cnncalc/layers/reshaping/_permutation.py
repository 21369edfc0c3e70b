"""The base of `permute` and `transpose`: axes in another order."""

from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers.base import Array, Layer, Sight
from cnncalc.layers.keeping import Keeps


class Permutation(Layer):
    """The same values with the axes in another order."""

    family = "reshaping"

    def order_of(self, x: Shape) -> tuple[int, ...]:
        """For each axis of the output, the index of the input axis, counted from 0 without the batch."""
        raise NotImplementedError

    def shape(self, x: Shape) -> Shape:
        return tuple(x[axis] for axis in self.order_of(x))

    def kept(self, x: Shape, y: Shape) -> Keeps:
        return Keeps(sharing="reordered", order=self.order_of(x))

    def windows(self, x: Shape) -> Sight:
        """Pointwise if no axis moves; otherwise undefined, because the axes have other meanings in the output."""
        return "pointwise" if self.order_of(x) == tuple(range(len(x))) else ()

    def forward(self, np: ModuleType, x: Array) -> Array:
        return x.transpose(0, *(axis + 1 for axis in self.order_of(tuple(x.shape[1:]))))
