from __future__ import annotations

from types import ModuleType
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.kernels import recurrence
from cnncalc.layers import declare
from cnncalc.layers.base import Array
from cnncalc.layers.keeping import Keeps, KeptArray
from cnncalc.layers.recurrent._cell import RecurrentCell


class RnnCell(RecurrentCell):
    """One step of an `rnn`: the new state from an input and the previous state, or zeros.

    h′ = tanh(x·kernel + h·recurrent + bias). PyTorch has two biases, one per product. FLOPs: two per
    multiply–accumulate, and per unit one for the activation and one for each bias.
    """

    type = "rnn_cell"
    aliases = ("SimpleRNNCell",)
    rule = "rnn_cell: O = units\n(n + u)·u + b·u parameters; b biases"
    sources = ("Elman, Finding Structure in Time, 1990", "PyTorch, torch.nn.RNNCell", "Keras, SimpleRNNCell")
    examples = ("13 -> rnn_cell 11", "x: 13, h: 11 -> rnn_cell 11 from=[x, h]")
    sequence = "rnn"

    activation_field = "nonlinearity"

    nonlinearity = declare.choice("activation of the sum", ("tanh", "relu"), default="tanh", aliases=("squash",))

    def kept(self, x: Shape, *others: Shape) -> Keeps:
        """The input, the state before and after the step."""
        first = () if len(others) > 1 else (KeptArray("state", self.units),)
        return Keeps("all", output=True, arrays=first)

    def step(self, np: ModuleType, x: Array, *states: Array, **weights: Any) -> Array:
        squash = np.tanh if self.nonlinearity == "tanh" else lambda value: np.maximum(value, 0)
        return recurrence.rnn(np, x, squash, recurrence.GateWeights(**weights), states[0] if states else None)
