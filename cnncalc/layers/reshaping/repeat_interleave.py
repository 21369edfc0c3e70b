from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic import taps
from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Reach, Sight, show_shape
from cnncalc.layers.declare import PerAxis


class RepeatInterleave(Layer):
    """Repeats every position of an axis several times in a row; `tile` repeats the whole axis.

    FLOPs: none.
    """

    type = "repeat_interleave"
    family = "reshaping"
    rule = "repeat_interleave: O = W·repeats along the axis, or the sum of one number per position"
    sources = ("PyTorch, torch.repeat_interleave", "Keras, keras.ops.repeat", "NumPy, numpy.repeat")
    examples = ("2x49x32 -> repeat_interleave 4 axis=1", "3x8 -> repeat_interleave [2, 1, 2] axis=1")

    repeats: PerAxis = declare.per_axis(
        "number of repetitions; a list has one number per position, or a single one",
        positional=True, symbol="r",
    )  # fmt: skip
    axis = declare.axis("the axis whose positions are repeated", aliases=("dim",))
    keeps = keeping.NOTHING

    def shape(self, x: Shape) -> Shape:
        along = self.axis_index(self.axis, x)
        return (*x[:along], self._size(x, along), *x[along + 1 :])

    def _size(self, x: Shape, along: int) -> int:
        if not isinstance(self.repeats, tuple):
            return x[along] * self.repeats
        if len(self.repeats) == 1:
            return x[along] * self.repeats[0]
        if len(self.repeats) != x[along]:
            raise Refusal(
                f"{len(self.repeats)} numbers for the {int(x[along])} positions of {show_shape(x)}",
                hint="give a single number, or one per position", field="repeats", code="E303",
            )  # fmt: skip
        return sum(self.repeats)

    def windows(self, x: Shape) -> Sight:
        """Each output reads its own position; along a spatial axis neighbouring outputs are 1/r of an input apart."""
        along = self.axis_index(self.axis, x)
        if along == self.axis_index("channels", x):
            return "pointwise"
        if isinstance(self.repeats, tuple):
            return ()
        place = along - (self.setting.layout == "CHW")
        return tuple(
            AxisWindow(1, 1, 0, 0, W * self.repeats, self.repeats) if axis == place else AxisWindow(1, 1, 0, 0, W)
            for axis, W in enumerate(self.spatial(x))
        )

    def reach(self, x: Shape) -> Reach:
        """The repeated position; undefined for a list of numbers."""
        along = self.axis_index(self.axis, x)
        if isinstance(self.repeats, tuple):
            return super().reach(x)
        repeated = taps.repeated(self.repeats)
        return None if repeated is None else self.placed(x, along, repeated)

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.repeat(x, self.repeats, axis=1 + self.axis_index(self.axis, x.shape[1:]))
