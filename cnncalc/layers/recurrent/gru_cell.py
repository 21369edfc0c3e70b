from __future__ import annotations

from types import ModuleType
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.kernels import recurrence
from cnncalc.layers import shared_fields
from cnncalc.layers.base import Array
from cnncalc.layers.keeping import Keeps, KeptArray
from cnncalc.layers.recurrent._cell import RecurrentCell
from cnncalc.layers.recurrent._reset_gate import acts_after


class GruCell(RecurrentCell):
    """One step of a `gru`: the new state from an input and the previous state, or zeros.

    The kernels hold the reset gate, the update gate and the candidate, in this order. FLOPs: two per
    multiply–accumulate; per unit three activations, four products and sums and one difference, one for each bias.
    """

    type = "gru_cell"
    rule = "gru_cell: O = units\n3·((n + u)·u + b·u) parameters; b biases per gate"
    sources = (
        "Cho et al., Learning Phrase Representations using RNN Encoder–Decoder, arXiv 1406.1078",
        "PyTorch, torch.nn.GRUCell", "Keras, keras.layers.GRUCell",
    )  # fmt: skip
    examples = ("13 -> gru_cell 11", "x: 13, h: 11 -> gru_cell 11 from=[x, h] reset_after=true")
    gates = 3
    work_per_unit = 8
    sequence = "gru"

    reset_after = shared_fields.reset_after()

    def shape(self, x: tuple[int, ...], *states: tuple[int, ...]) -> tuple[int, ...]:
        acts_after(self.setting, self.reset_after)
        return super().shape(x, *states)

    def biases(self) -> int:
        return 2 if self.bias and acts_after(self.setting, self.reset_after) else super().biases()

    def kept(self, x: Shape, *others: Shape) -> Keeps:
        """The input, the state, the gates, the candidate and its parts."""
        return Keeps("all", arrays=(KeptArray("gates and states", (6 if len(others) > 1 else 7) * self.units),))

    def step(self, np: ModuleType, x: Array, *states: Array, **weights: Any) -> Array:
        after = acts_after(self.setting, self.reset_after)
        state = states[0] if states else None
        return recurrence.gru(np, x, recurrence.GateWeights(**weights), state, reset_after=after)
