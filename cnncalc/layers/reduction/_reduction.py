"""The base of reductions: all values along some axes become one."""

from __future__ import annotations

from math import prod
from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.taps import SAME_PLACE, throughout
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Layer, Reach, Sight
from cnncalc.layers.listed_axes import places


class Reduction(Layer):
    """One value in place of all values along some axes.

    Without an axis, all axes except the batch are reduced, to a scalar; the frameworks' functions would also reduce the
    batch.
    """

    family = "reduction"
    without_effect: ClassVar[tuple[str, ...]] = ("noop_with_empty_axes", "select_last_index")

    axis = declare.listed_axes(
        "the axis or axes that are reduced, counted from 1, or from -1 backwards", aliases=("dim", "axes"),
        default=None, default_text="every axis except the batch",
    )  # fmt: skip
    keep = declare.flag(
        "whether the reduced axes are kept, with size 1", default=None, aliases=("keepdims", "keepdim", "keep_dims"),
        default_text="false; true under onnx",
    )  # fmt: skip

    def shape(self, x: Shape) -> Shape:
        reduced = self._reduced(x)
        sizes = [1 if place in reduced else size for place, size in enumerate(x)]
        return tuple(size for place, size in enumerate(sizes) if self._keeps() or place not in reduced)

    def _keeps(self) -> bool:
        return self.setting.convention.name == "onnx" if self.keep is None else self.keep

    def _reduced(self, x: Shape) -> tuple[int, ...]:
        """The indices of the reduced axes."""
        if self.axis is None:
            return tuple(range(len(x)))
        return places(self.axis, len(x), x, repeated=self.setting.convention.name == "onnx")

    def elementwise(self, x: Shape, y: Shape) -> int:
        """The additions, comparisons or products between the reduced values."""
        return prod(x) - prod(y)

    def windows(self, x: Shape) -> Sight:
        """The whole input, or a position's own channels; otherwise undefined."""
        channels = 0 if self.setting.layout == "CHW" else len(x) - 1
        reduced = set(self._reduced(x))
        if reduced == {channels} and self._keeps():
            return "pointwise"
        return "whole" if reduced >= set(range(len(x))) - {channels} else ()

    def reach(self, x: Shape) -> Reach:
        """The whole of the reduced axes, if they are kept."""
        sight = self.windows(x)
        if sight or not self._keeps():
            return super().reach(x)
        channels, reduced = self.axis_index("channels", x), self._reduced(x)
        axes = [(place, W) for place, W in enumerate(x) if place != channels]
        return tuple(throughout(W) if place in reduced else SAME_PLACE for place, W in axes)

    def forward(self, np: ModuleType, x: Array) -> Array:
        axes = tuple(place + 1 for place in self._reduced(tuple(x.shape[1:])))
        return self.reduce(np, x, axes, self._keeps())

    def reduce(self, np: ModuleType, x: Array, axes: tuple[int, ...], keep: bool) -> Array:
        """The reduction of a batched array along `axes`, which are kept with size 1 or removed."""
        raise NotImplementedError(f"{self.type} has no forward pass")
