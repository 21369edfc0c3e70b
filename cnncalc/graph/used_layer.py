"""A layer on inputs of given shapes, with the results of its rules there, each computed once."""

from __future__ import annotations

from math import prod
from typing import Literal

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers.base import Layer, Reach
from cnncalc.layers.counts import Counts, count
from cnncalc.number_text import thousands
from cnncalc.reading.limits import MOST_AXES, MOST_ELEMENTS, TOO_MANY, TOO_MANY_HINT


class UsedLayer:
    """A layer and its inputs' shapes. Equal layers on equal shapes share one: see `BuildCache.use`."""

    __slots__ = ("_counts", "_reach", "inputs", "layer", "output")

    def __init__(self, layer: Layer, inputs: tuple[Shape, ...]) -> None:
        """Infer the output's shape. Refuses what the layer does, too many axes, and more than MOST_ELEMENTS."""
        self.layer = layer
        self.inputs = inputs
        self.output: Shape = layer.shape(*inputs)
        output = self.output
        if len(output) > MOST_AXES:
            raise Refusal(f"{thousands(len(output))} axes; the limit is {MOST_AXES}", code="E103")
        if prod(output) > MOST_ELEMENTS:
            raise Refusal(TOO_MANY, hint=TOO_MANY_HINT, code="E103")
        self._reach: Reach | Literal["unknown"] = "unknown"
        self._counts: Counts | None = None

    @property
    def reach(self) -> Reach:
        """The positions that the outputs read."""
        if self._reach == "unknown":
            self._reach = self.layer.reach(*self.inputs)
        return self._reach

    @property
    def counts(self) -> Counts:
        """The parameters and operations for one sample, without those of an activation."""
        if self._counts is None:
            self._counts = count(self.layer, None, self.inputs, self.output)
        return self._counts
