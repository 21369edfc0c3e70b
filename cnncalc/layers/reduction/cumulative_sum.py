from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.taps import AxisTaps
from cnncalc.arithmetic.term import exact_div
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Reach, Sight


class CumulativeSum(Layer):
    """The sum of all values up to each position of an axis.

    FLOPs: the additions, one for each position after the first.
    """

    type = "cumulative_sum"
    aliases = ("cumsum",)
    family = "reduction"
    rule = "cumulative_sum: the shape is unchanged"
    sources = ("ONNX operators, CumSum", "PyTorch, torch.cumsum", "Keras, keras.ops.cumsum")
    examples = ("7x13 -> cumulative_sum axis=1", "7x13 -> cumulative_sum axis=1 reverse=true")

    axis = declare.axis("the axis of the sums", aliases=("dim",))
    exclusive = declare.flag("whether a position's own value is excluded", default=False)
    backwards = declare.flag("whether the sums start at the end", default=False, aliases=("reverse",))
    keeps = keeping.NOTHING

    def shape(self, x: Shape) -> Shape:
        self.axis_index(self.axis, x)
        return x

    def elementwise(self, x: Shape, y: Shape) -> int:
        size = x[self.axis_index(self.axis, x)]
        return exact_div(prod(x), size) * (size - 1)

    def windows(self, x: Shape) -> Sight:
        """Along the channels each output reads its own position; along another axis all positions before it."""
        return "pointwise" if self.axis_index(self.axis, x) == self.axis_index("channels", x) else ()

    def reach(self, x: Shape) -> Reach:
        """All positions up to the output's own, or from it on; without its own if that is excluded."""
        place = self.axis_index(self.axis, x)
        first = 1 if self.exclusive else 0
        behind = range(first, x[place]) if self.backwards else range(1 - x[place], 1 - first)
        return self.placed(x, place, AxisTaps((behind,), 1))

    def forward(self, np: ModuleType, x: Array) -> Array:
        along = 1 + self.axis_index(self.axis, x.shape[1:])
        ahead = np.flip(x, along) if self.backwards else x
        sums = np.cumsum(ahead, axis=along, dtype=x.dtype)
        if self.exclusive:
            first = np.zeros_like(np.take(sums, [0], along))
            sums = np.concatenate([first, np.take(sums, range(x.shape[along] - 1), along)], axis=along)
        return np.flip(sums, along) if self.backwards else sums
