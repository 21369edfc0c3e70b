from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array
from cnncalc.number_text import decimal


class HardTanh(Activation):
    """Hyperbolic tangent approximated by three straight lines: the input limited to a range.

    FLOPs: one per element.
    """

    type = "hard_tanh"
    rule = "f(x) = min(max(low, x), high)"
    sources = ("PyTorch, torch.nn.Hardtanh", "Keras, keras.activations.hard_tanh")
    examples = ("16x16x8 -> hard_tanh", "32x32x3 -> conv 16 3x3 hard_tanh")

    low = declare.number("lower bound", default=-1.0, aliases=("min_val", "min_value", "min"), positional=True)
    high = declare.number("upper bound", default=1.0, aliases=("max_val", "max_value", "max"), positional=True)

    def shape(self, x: Shape) -> Shape:
        if self.low >= self.high:
            raise Refusal(
                f"low is {decimal(self.low)}, not below high, {decimal(self.high)}",
                hint="`clip` accepts bounds in any order",
                field="low",
                code="E304",
            )
        return x

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.clip(x, self.low, self.high)
