"""The base of wrappers, which run the rules of the layer inside."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Layer, Reach, Sight, Weight
from cnncalc.layers.declare import Field
from cnncalc.layers.keeping import Keeps


class Wrapper(Layer):
    """A layer around another one; by default it behaves like the inner layer."""

    family = "wrapping"
    wraps = True

    layer: Layer = declare.layer("the layer inside, written as an item")

    def traced(self, rank: int) -> Layer:
        traced = super().traced(rank)
        traced.__dict__["layer"] = self.layer.traced(rank)
        return traced

    def by_symbol(self) -> dict[str, Field]:
        return {**self.layer.by_symbol(), **super().by_symbol()}

    def inside(self, x: Shape) -> tuple[Shape, ...]:
        """The inputs' shapes of the inner layer."""
        return (x,)

    def steps_first(self) -> bool:
        return self.layer.steps_first()

    def features_last(self) -> bool:
        return self.layer.features_last()

    def channels_first(self, weight: Weight) -> tuple[int, ...]:
        return self.layer.channels_first(weight)

    def output_axes(self, weight: Weight) -> tuple[int, ...]:
        return self.layer.output_axes(weight)

    def stacked(self) -> int:
        return self.layer.stacked()

    def shape(self, x: Shape) -> Shape:
        return self.layer.shape(x)

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        return self.layer.weights(x, y)

    def macs(self, x: Shape, y: Shape) -> int:
        return self.layer.macs(x, y)

    def elementwise(self, x: Shape, y: Shape) -> int:
        return self.layer.elementwise(x, y)

    def kept(self, x: Shape, y: Shape) -> Keeps:
        return self.layer.kept(x, y)

    def windows(self, x: Shape) -> Sight:
        return self.layer.windows(x)

    def reach(self, x: Shape) -> Reach:
        return self.layer.reach(x)

    def forward(self, np: ModuleType, x: Array, **weights: Any) -> Array:
        return self.layer.forward(np, x, **weights)
