from __future__ import annotations

from types import ModuleType
from typing import Any

from cnncalc.kernels import recurrence
from cnncalc.layers import declare
from cnncalc.layers.base import Array
from cnncalc.layers.recurrent._recurrent import Recurrent


class Rnn(Recurrent):
    """Simple recurrent layer: the state is an activation of two products, with the input and the previous state.

    hₜ = tanh(xₜ·kernel + hₜ₋₁·recurrent + bias). PyTorch and ONNX have two biases, one per product. FLOPs: two per
    multiply–accumulate, and per step and unit one for the activation and one for each bias.
    """

    type = "rnn"
    aliases = ("SimpleRNN", "vanilla_rnn", "BasicRNNCell", "elman")
    rule = "rnn: O = units\n(n + u)·u + b·u parameters; b biases"
    sources = ("Elman, Finding Structure in Time, 1990", "PyTorch, torch.nn.RNN", "Keras, keras.layers.SimpleRNN")
    examples = ("7x13 -> rnn 11", "7x13 -> rnn 11 bidirectional=true return_sequences=true")

    activation_field = "nonlinearity"

    nonlinearity = declare.choice("activation of the sum", ("tanh", "relu"), default="tanh")

    def kept_vectors(self, steps: int) -> int:
        """The state before the first step, and after each."""
        return steps + 1

    def recur(self, np: ModuleType, x: Array, **weights: Any) -> Array:
        squash = np.tanh if self.nonlinearity == "tanh" else lambda value: np.maximum(value, 0)
        return recurrence.rnn(np, x, squash, recurrence.GateWeights(**weights))
