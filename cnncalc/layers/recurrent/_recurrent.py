"""The base of recurrent layers: directions, stacked layers, returned steps, and weights."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType
from typing import Any, ClassVar, NamedTuple

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.taps import throughout
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, shared_fields
from cnncalc.layers.base import Array, Layer, Reach, Sight, Weight, show_shape
from cnncalc.layers.keeping import Keeps, KeptArray
from cnncalc.layers.recurrent._directions import joined

_CONCATENATE = ("pytorch", "onnx")
WITHOUT_EFFECT = (
    "dropout", "recurrent_dropout", "stateful", "return_state", "go_backwards", "unroll", "implementation",
    "batch_first", "time_major", "recurrent_activation", "unit_forget_bias", "forget_bias", "zero_output_for_mask",
    "use_cudnn", "activations", "activation_alpha", "activation_beta", "clip", "input_forget", "cell_clip",
    "input_length", "proj_clip", "expose_hidden", "debug_info", "layout",
)  # fmt: skip
"""Arguments of the frameworks' recurrent layers without effect here: dropout, state between batches, execution."""


class Cell(NamedTuple):
    """One direction of one layer of the stack: the suffix of its weights' names, and its number of input features."""

    suffix: str
    features: int
    backward: bool


class Recurrent(Layer):
    """A layer with a state that is passed from step to step of a sequence, steps × features in every layout.

    A subclass declares its number of gates, and runs one direction of one layer.
    """

    family = "recurrent"
    states: ClassVar[dict[str, str]] = {"input_size": "features", "input_dim": "features"}
    without_effect: ClassVar[tuple[str, ...]] = WITHOUT_EFFECT
    meanings: ClassVar[dict[str, tuple[str, dict[Any, Any]]]] = {
        "direction": ("bidirectional", {"forward": False, "reverse": False, "bidirectional": True})
    }
    activation_field = ""
    gates: ClassVar[int] = 1
    work_per_unit: ClassVar[int] = 1
    """Operations per step and unit, in addition to the matrix products and biases."""

    units = declare.count(
        "size of the state", positional=True, symbol="u", aliases=("hidden_size", "num_units", "num_output")
    )
    return_sequences = declare.flag(
        "whether the outputs of all steps are returned, instead of the last one's", default=None,
        default_text="true under pytorch, onnx and caffe, else false",
    )  # fmt: skip
    bidirectional = shared_fields.bidirectional()
    merge = shared_fields.merge()
    layers = declare.count("number of stacked layers", default=1, aliases=("num_layers",))
    bias = declare.flag("whether the gates have biases", default=True, aliases=("use_bias",))

    # --- sizes ---------------------------------------------------------------------------------------------------

    def steps_first(self) -> bool:
        return True

    def features_last(self) -> bool:
        return True

    def shape(self, x: Shape) -> Shape:
        if len(x) != 2:
            raise Refusal(
                f"{self.type} needs a sequence, steps × features, got {show_shape(x)}",
                hint="reshape it first: rows of an image can be the steps" if len(x) == 3 else "",
                code="E303",
            )
        self.check()
        return (x[0], self.width()) if self.sequences() else (self.width(),)

    def check(self) -> None:
        """Reject options that the convention's framework does not have."""
        if self.merge != "concat" and self.setting.convention.name in _CONCATENATE:
            raise Refusal(
                f"{self.setting.convention.title} concatenates the directions; it does not support merge={self.merge}",
                hint="remove merge, and join the halves with split and a merge",
                field="merge",
                code="E304",
            )

    def sequences(self) -> bool:
        """Whether all steps are returned."""
        if self.return_sequences is None:
            return self.setting.convention.recurrent_output == "sequence"
        return self.return_sequences

    def hidden(self) -> int:
        """The features of one direction's output."""
        return self.units

    def width(self) -> int:
        """The features of the output, with both directions."""
        return 2 * self.hidden() if self.bidirectional and self.merge == "concat" else self.hidden()

    def biases(self) -> int:
        """The number of biases per gate: one, or one for the input and one for the state."""
        return self.setting.convention.recurrent_biases if self.bias else 0

    def stacked(self) -> int:
        return self.layers

    def cells(self, features: int) -> Iterator[Cell]:
        """Every direction of every layer of the stack, in order."""
        for place in range(1, self.layers + 1):
            number = f"_{place}" if place > 1 else ""
            yield Cell(number, features, backward=False)
            if self.bidirectional:
                yield Cell(f"{number}_back", features, backward=True)
            features = self.width()

    # --- counts --------------------------------------------------------------------------------------------------

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        steps = (x[0],)
        for cell in self.cells(x[1]):
            for weight in self.cell_weights(cell.features):
                yield Weight(weight.name + cell.suffix, weight.shape, positions=steps)

    def cell_weights(self, features: int) -> Iterator[Weight]:
        """The arrays of one direction of one layer."""
        outputs = self.gates * self.units
        yield Weight("kernel", (features, outputs))
        yield Weight("recurrent", (self.hidden(), outputs))
        for name in ("bias", "recurrent_bias")[: self.biases()]:
            yield Weight(name, (outputs,))

    def macs(self, x: Shape, y: Shape) -> int:
        products = sum(prod(weight.shape) for weight in self.weights(x, y) if len(weight.shape) == 2)
        return x[0] * products

    def elementwise(self, x: Shape, y: Shape) -> int:
        each = (self.gates * self.biases() + self.work_per_unit) * self.units
        directions = 2 if self.bidirectional else 1
        joining = self.hidden() if self.bidirectional and self.merge != "concat" else 0
        return x[0] * (self.layers * directions * each + self.layers * joining)

    def kept(self, x: Shape, y: Shape) -> Keeps:
        """The input of every layer and direction with the steps first, and the vectors of each step."""
        cells = list(self.cells(x[1]))
        inputs = KeptArray("inputs, steps first", x[0] * sum(cell.features for cell in cells))
        return Keeps(arrays=(inputs, KeptArray("gates and states", len(cells) * self.units * self.kept_vectors(x[0]))))

    def kept_vectors(self, steps: int) -> int:
        """The number of vectors that one direction of one layer keeps for a sequence."""
        raise NotImplementedError(f"{self.type} does not declare its vectors")

    def windows(self, x: Shape) -> Sight:
        """The last step reads all steps; another step reads those up to its own, or all with both directions."""
        if not self.sequences() or self.setting.layout == "CHW":
            return "whole"
        steps = x[0]
        after = steps - 1 if self.bidirectional else 0
        return (AxisWindow(steps + after, 1, steps - 1, after, steps),)

    def reach(self, x: Shape) -> Reach:
        """The taps of the windows; with both directions every step reads all steps."""
        return (throughout(x[0]),) if self.bidirectional and self.windows(x) != "whole" else super().reach(x)

    # --- the forward pass ----------------------------------------------------------------------------------------

    def forward(self, np: ModuleType, x: Array, **weights: Array) -> Array:
        *first, last = self._layers(x.shape[-1])
        for cells in first:
            x = joined(np, [self._run(np, x, cell, weights) for cell in cells], self.merge)
        outputs = [self._run(np, x, cell, weights) for cell in last]
        if self.sequences():
            return joined(np, outputs, self.merge)
        ends = [y[:, 0] if cell.backward else y[:, -1] for cell, y in zip(last, outputs, strict=True)]
        return joined(np, ends, self.merge)

    def _layers(self, features: int) -> list[list[Cell]]:
        cells = list(self.cells(features))
        step = len(cells) // self.layers
        return [cells[start : start + step] for start in range(0, len(cells), step)]

    def _run(self, np: ModuleType, x: Array, cell: Cell, weights: dict[str, Array]) -> Array:
        """One direction of one layer; its outputs are in the order of the sequence."""
        own = {
            name: weights[name + cell.suffix] for name in (weight.name for weight in self.cell_weights(cell.features))
        }
        y = self.recur(np, x[:, ::-1] if cell.backward else x, **own)
        return y[:, ::-1] if cell.backward else y

    def recur(self, np: ModuleType, x: Array, **weights: Any) -> Array:
        """The outputs of all steps, (batch, steps, hidden), of one direction of one layer."""
        raise NotImplementedError
