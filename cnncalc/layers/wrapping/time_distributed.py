from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.taps import SAME_PLACE
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.layers.base import Array, Layer, Reach, Sight, Weight, show_shape
from cnncalc.layers.keeping import Keeps
from cnncalc.layers.wrapping._wrapper import Wrapper


class TimeDistributed(Wrapper):
    """Applies the inner layer to every step of a sequence, with the same weights.

    The first axis holds the steps, in every layout; the inner layer's input is the rest. FLOPs: the inner layer's, once
    per step.
    """

    type = "time_distributed"
    axes_before_spatial = 1
    rule = "time_distributed: the number of steps is unchanged; each becomes the inner layer's output"
    sources = ("Keras, keras.layers.TimeDistributed",)
    examples = ("5x28x28x3 -> time_distributed(conv 8 3x3 s2)", "7x13 -> time_distributed(dense 11 relu)")

    def steps_first(self) -> bool:
        return True

    def traced(self, rank: int) -> Layer:
        traced = super().traced(rank)
        traced.__dict__["layer"] = self.layer.traced(rank - 1)
        return traced

    def inside(self, x: Shape) -> tuple[Shape, ...]:
        return (x[1:] or x,)

    def shape(self, x: Shape) -> Shape:
        if len(x) < 2:
            raise Refusal(
                f"time_distributed needs steps and then the inner layer's input, got {show_shape(x)}",
                hint="put the number of steps first in the shape",
                code="E303",
            )
        if self.layer.multiplicity(x[1:]) != 1:
            raise Refusal(
                f"{self.layer.type} makes several samples of each, which is not possible for steps", code="E304"
            )
        return (x[0], *self.layer.shape(x[1:]))

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        for weight in self.layer.weights(x[1:], y[1:]):
            yield weight._replace(positions=(x[0], *weight.positions))

    def macs(self, x: Shape, y: Shape) -> int:
        return x[0] * self.layer.macs(x[1:], y[1:])

    def elementwise(self, x: Shape, y: Shape) -> int:
        return x[0] * self.layer.elementwise(x[1:], y[1:])

    def kept(self, x: Shape, y: Shape) -> Keeps:
        """The arrays of the inner layer for every step."""
        keeps = self.layer.kept(x[1:], y[1:])
        return keeps._replace(arrays=tuple(
            array if array.shared else array._replace(elements=x[0] * array.elements) for array in keeps.arrays
        ))  # fmt: skip

    def windows(self, x: Shape) -> Sight:
        """Its own step, and within it the window of the inner layer; undefined with channels first."""
        sight = self.layer.windows(x[1:])
        if sight == "pointwise":
            return sight
        if sight == "whole" or self.setting.layout == "CHW":
            return ()
        return (AxisWindow(1, 1, 0, 0, x[0]), *sight)

    def reach(self, x: Shape) -> Reach:
        """Its own step, and within it the taps of the inner layer."""
        reach = self.layer.reach(x[1:])
        if reach == "pointwise" or reach is None:
            return reach
        return () if reach == "whole" or self.setting.layout == "CHW" else (SAME_PLACE, *reach)

    def forward(self, np: ModuleType, x: Array, **weights: Any) -> Array:
        y = self.layer.forward(np, x.reshape(-1, *x.shape[2:]), **weights)
        return y.reshape(*x.shape[:2], *y.shape[1:])
