from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Sight, show_shape


class RepeatVector(Layer):
    """Repeats a vector n times: a sequence of n equal steps, with features last in every layout.

    FLOPs: none.
    """

    type = "repeat_vector"
    family = "reshaping"
    rule = "repeat_vector: T steps of the input's features"
    sources = ("Keras, keras.layers.RepeatVector",)
    examples = ("64 -> repeat_vector 10", "5x5x3 -> flatten -> repeat_vector 4")

    count = declare.count("number of steps", positional=True, symbol="T", aliases=("n", "times"))
    keeps = keeping.REORDERED

    def shape(self, x: Shape) -> Shape:
        if len(x) != 1:
            raise Refusal(f"repeat_vector needs a vector, got {show_shape(x)}", hint="flatten it first", code="E303")
        return (self.count, *x)

    def windows(self, x: Shape) -> Sight:
        return "whole"

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.repeat(x[:, None], self.count, axis=1)
