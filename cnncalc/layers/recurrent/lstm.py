from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

from cnncalc.diagnostics import Refusal
from cnncalc.kernels import recurrence
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Weight
from cnncalc.layers.recurrent._recurrent import Recurrent

_PEEPHOLES = ("formula", "tensorflow", "onnx")
_PROJECTIONS = ("formula", "tensorflow", "pytorch")


def projection_field(help: str, **options: Any) -> int | None:
    """The declaration of `projection`; PyTorch writes 0 for none."""
    field: Any = declare.count(help, **options)
    read = field.parse
    field.parse = lambda value: None if value == 0 and not isinstance(value, bool) else read(value)
    return field  # type: ignore[no-any-return]


class Lstm(Recurrent):
    """Long short-term memory: three gates control what a cell reads, keeps and returns.

    The kernels hold the input gate, the forget gate, the candidate and the output gate, in this order. With a
    `projection` the output is a linear projection of the state, which the next step reads. With `peepholes` the gates
    read the cell. PyTorch and ONNX have two biases per gate.

    FLOPs: two per multiply–accumulate; per step and unit five activations, three products and one sum for the cell,
    one for each bias, and two for each peephole.
    """

    type = "lstm"
    aliases = ("CuDNNLSTM", "BasicLSTMCell", "LSTMBlockCell", "basic_lstm")
    rule = "lstm: O = units\n4·((n + u)·u + b·u) parameters; b biases per gate"
    sources = (
        "Hochreiter & Schmidhuber, Long Short-Term Memory, Neural Computation 9(8), 1997",
        "Gers, Schmidhuber & Cummins, Learning to Forget, Neural Computation 12(10), 2000 (the forget gate)",
        "Gers, Schraudolph & Schmidhuber, Learning Precise Timing with LSTM Recurrent Networks, JMLR 3, 2002",
        "PyTorch, torch.nn.LSTM", "Keras, keras.layers.LSTM", "ONNX operators, LSTM",
    )  # fmt: skip
    examples = ("28x28 -> lstm 128", "7x13 -> lstm 11 layers=2 bidirectional=true", "7x13 -> lstm 11 projection=5")
    gates = 4
    work_per_unit = 9

    projection = projection_field(
        "number of features of the projected output", default=None, default_text="none", symbol="p",
        aliases=("proj_size", "num_proj"),
    )  # fmt: skip
    peepholes = declare.flag("whether the gates read the cell", default=False, aliases=("use_peepholes",))

    def hidden(self) -> int:
        return self.units if self.projection is None else self.projection

    def check(self) -> None:
        super().check()
        name, title = self.setting.convention.name, self.setting.convention.title
        if self.peepholes and name not in _PEEPHOLES:
            raise Refusal(f"{title}'s LSTM has no peepholes", hint="remove them", field="peepholes", code="E304")
        if self.projection is None:
            return
        if name not in _PROJECTIONS:
            raise Refusal(
                f"{title}'s LSTM has no projection", hint="add a dense layer after it", field="projection", code="E304"
            )
        if name == "pytorch" and self.projection >= self.units:
            raise Refusal(
                f"PyTorch projects to fewer features than the state has, {int(self.units)}, got {int(self.projection)}",
                hint=f"use at most {int(self.units) - 1}",
                field="projection",
                code="E304",
            )

    def cell_weights(self, features: int) -> Iterator[Weight]:
        yield from super().cell_weights(features)
        if self.peepholes:
            yield Weight("peephole", (3 * self.units,))
        if self.projection is not None:
            yield Weight("projection", (self.units, self.projection))

    def elementwise(self, x: tuple[int, ...], y: tuple[int, ...]) -> int:
        cells = self.layers * (2 if self.bidirectional else 1)
        looking = 6 * self.units * x[0] * cells if self.peepholes else 0
        return super().elementwise(x, y) + looking

    def kept_vectors(self, steps: int) -> int:
        """The four gates, the state, the cell, and its tanh, of each step."""
        return 7 * steps

    def recur(self, np: ModuleType, x: Array, *, peephole: Array | None = None, **weights: Any) -> Array:
        looks = None if peephole is None else peephole.reshape(3, -1)
        return recurrence.lstm(np, x, recurrence.GateWeights(peephole=looks, **weights))
