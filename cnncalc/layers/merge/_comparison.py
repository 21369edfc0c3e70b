"""The base of comparisons of two inputs along an axis, with broadcasting."""

from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Sight
from cnncalc.layers.merge._merge import Merge, aligned


class Comparison(Merge):
    """One number per pair of vectors along an axis of two inputs."""

    inputs = (2, 2)
    least_axes = 1
    takes_empty = False

    keep = declare.flag("whether the axis is kept, with size 1", default=False, aliases=("keepdim", "keepdims"))

    def runs_in_place(self) -> bool:
        return False

    def axis_of(self, shape: Shape) -> int:
        """The index of the axis in the inputs' common shape."""
        raise NotImplementedError

    def shape(self, *inputs: Shape) -> Shape:
        common = self.common(inputs)
        place = self.axis_of(common)
        return (*common[:place], *((1,) if self.keep else ()), *common[place + 1 :])

    def common(self, inputs: tuple[Shape, ...]) -> Shape:
        """The broadcast shape of the inputs."""
        return super().shape(*inputs)

    def windows(self, *inputs: Shape) -> Sight:
        """Each output reads its own position if the channels are compared; otherwise undefined."""
        common = self.common(inputs)
        own = super().windows(*inputs) == "pointwise" and self.axis_of(common) == self.axis_index("channels", common)
        return "pointwise" if own and self.keep else ()

    def forward(self, np: ModuleType, *arrays: Array) -> Array:
        first, second = np.broadcast_arrays(*aligned(self, arrays))
        return self.compare(np, first, second, 1 + self.axis_of(tuple(first.shape[1:])))

    def compare(self, np: ModuleType, x: Array, y: Array, axis: int) -> Array:
        """One number per pair of vectors along an axis of the batched arrays."""
        raise NotImplementedError
