from __future__ import annotations

from types import ModuleType
from typing import Any

from cnncalc.kernels import recurrence
from cnncalc.layers import shared_fields
from cnncalc.layers.base import Array
from cnncalc.layers.recurrent._recurrent import Recurrent
from cnncalc.layers.recurrent._reset_gate import acts_after


class Gru(Recurrent):
    """Gated recurrent unit: a reset and an update gate control which part of the state is used and kept.

    The kernels hold the reset gate, the update gate and the candidate, in this order. The reset gate acts on the state
    before the matrix product, as in the paper and in ONNX, or after it, as in PyTorch and Keras, which then has two
    biases like PyTorch.

    FLOPs: two per multiply–accumulate; per step and unit three activations, four products and sums and one difference
    for the gates, one for each bias.
    """

    type = "gru"
    aliases = ("CuDNNGRU",)
    rule = "gru: O = units\n3·((n + u)·u + b·u) parameters; b biases per gate"
    sources = (
        "Cho et al., Learning Phrase Representations using RNN Encoder–Decoder, arXiv 1406.1078",
        "PyTorch, torch.nn.GRU", "Keras, keras.layers.GRU", "ONNX operators, GRU (linear_before_reset)",
    )  # fmt: skip
    examples = ("7x13 -> gru 11", "7x13 -> gru 11 reset_after=true return_sequences=true")
    gates = 3
    work_per_unit = 8

    reset_after = shared_fields.reset_after()

    def check(self) -> None:
        super().check()
        acts_after(self.setting, self.reset_after)

    def biases(self) -> int:
        return 2 if self.bias and acts_after(self.setting, self.reset_after) else super().biases()

    def kept_vectors(self, steps: int) -> int:
        """The gates, the candidate and its parts, and the state, of each step."""
        return 7 * steps

    def recur(self, np: ModuleType, x: Array, **weights: Any) -> Array:
        after = acts_after(self.setting, self.reset_after)
        return recurrence.gru(np, x, recurrence.GateWeights(**weights), reset_after=after)
