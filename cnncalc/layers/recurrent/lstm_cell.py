from __future__ import annotations

from types import ModuleType
from typing import Any, ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.kernels import recurrence
from cnncalc.layers import declare
from cnncalc.layers.base import Array
from cnncalc.layers.keeping import Keeps, KeptArray
from cnncalc.layers.recurrent._cell import RecurrentCell


class LstmCell(RecurrentCell):
    """One step of an `lstm`: the new state from an input, the previous state and cell, or zeros.

    The inputs are the step's features, the state and the cell. The output is the new state, or the new cell with
    `gives: cell`; two layers with shared weights give both. The kernels hold the input gate, the forget gate, the
    candidate and the output gate, in this order. FLOPs: two per multiply–accumulate; per unit five activations, three
    products and one sum for the cell, and one for each bias.
    """

    type = "lstm_cell"
    rule = "lstm_cell: O = units\n4·((n + u)·u + b·u) parameters; b biases per gate"
    sources = (
        "Hochreiter & Schmidhuber, Long Short-Term Memory, Neural Computation 9(8), 1997",
        "PyTorch, torch.nn.LSTMCell", "Keras, keras.layers.LSTMCell",
    )  # fmt: skip
    examples = (
        "13 -> lstm_cell 11",
        "x: 13, h: 11, c: 11 -> lstm_cell 11 from=[x, h, c] gives=cell",
    )
    inputs: ClassVar[tuple[int, int | None]] = (1, 3)
    gates = 4
    work_per_unit = 9
    sequence = "lstm"

    gives = declare.choice("which of the two is the output", ("state", "cell"), default="state")

    def kept(self, x: Shape, *others: Shape) -> Keeps:
        """The input, the state and the cell (one array of zeros if not given), the gates, and the tanh of the cell."""
        return Keeps("all", arrays=(KeptArray("gates and states", (5 if len(others) > 2 else 6) * self.units),))

    def step(self, np: ModuleType, x: Array, *states: Array, **weights: Any) -> Array:
        state, cell = (*states, None, None)[:2]
        outputs, cells = recurrence.lstm_states(np, x, recurrence.GateWeights(**weights), state, cell)
        return outputs if self.gives == "state" else cells
