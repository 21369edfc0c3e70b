"""The base of cells: one step of a recurrent layer, from a vector and a state."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType
from typing import Any, ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Layer, Sight, Weight, show_shape
from cnncalc.layers.recurrent._recurrent import WITHOUT_EFFECT


class RecurrentCell(Layer):
    """One step: the new state from an input and the previous state, which is zero if it is not an input."""

    family = "recurrent"
    states: ClassVar[dict[str, str]] = {"input_size": "features"}
    without_effect: ClassVar[tuple[str, ...]] = WITHOUT_EFFECT
    activation_field = ""
    inputs: ClassVar[tuple[int, int | None]] = (1, 2)
    gates: ClassVar[int] = 1
    work_per_unit: ClassVar[int] = 1
    """Operations per unit, in addition to the matrix products and biases."""
    sequence: ClassVar[str] = ""
    """The type that runs the cell over a sequence."""

    units = declare.count(
        "size of the state", positional=True, symbol="u", aliases=("hidden_size", "num_units", "num_output")
    )
    bias = declare.flag("whether the gates have biases", default=True, aliases=("use_bias",))

    def shape(self, x: Shape, *states: Shape) -> Shape:
        if len(x) != 1:
            raise Refusal(
                f"{self.type} needs one step, a vector, got {show_shape(x)}",
                hint=f"use {self.sequence} for a whole sequence" if len(x) == 2 else "flatten it first",
                code="E303",
            )
        for state in states:
            if state != (self.units,):
                raise Refusal(
                    f"the state is {show_shape(state)}, but it needs {int(self.units)} units",
                    hint="the inputs are the step's features, then the previous state",
                    code="E308",
                )
        return (self.units,)

    def biases(self) -> int:
        """The number of biases per gate: one, or one for the input and one for the state."""
        return self.setting.convention.recurrent_biases if self.bias else 0

    def weights(self, x: Shape, *others: Shape) -> Iterator[Weight]:
        outputs = self.gates * self.units
        yield Weight("kernel", (x[0], outputs))
        yield Weight("recurrent", (self.units, outputs))
        for name in ("bias", "recurrent_bias")[: self.biases()]:
            yield Weight(name, (outputs,))

    def macs(self, x: Shape, *others: Shape) -> int:
        return sum(prod(weight.shape) for weight in self.weights(x) if len(weight.shape) == 2)

    def elementwise(self, x: Shape, *others: Shape) -> int:
        return (self.gates * self.biases() + self.work_per_unit) * self.units

    def windows(self, x: Shape, *states: Shape) -> Sight:
        return "whole"

    def forward(self, np: ModuleType, x: Array, *states: Array, **weights: Any) -> Array:
        return self.step(np, x[:, None], *states, **weights)[:, 0]

    def step(self, np: ModuleType, x: Array, *states: Array, **weights: Any) -> Array:
        """The states after each step of a sequence of one, (batch, 1, units)."""
        raise NotImplementedError
