"""The base of softmax and its relatives: values compete along an axis."""

from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.taps import throughout
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.layers import declare, keeping
from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array, Reach, Sight


class Competition(Activation):
    """An activation whose outputs depend on all values along one axis.

    The default axis is the channels; under ONNX it is the last axis, which is the width of an image there. PyTorch also
    defaults to the channels, with a deprecation warning.
    """

    least_axes = 1
    takes_empty = False
    axis = declare.axis(
        "the axis whose values compete", aliases=("dim",), default=None,
        default_text="the last under onnx, else channels",
    )  # fmt: skip
    keeps = keeping.OUTPUT

    def place(self, shape: Shape) -> int:
        """The index of the axis in a shape without the batch axis."""
        default = -1 if self.setting.convention.name == "onnx" else "channels"
        return self.axis_index(self.axis or default, shape)

    def along(self, x: Array) -> int:
        """The index of the axis in an array with the batch axis."""
        return 1 + self.place(x.shape[1:])

    def runs_in_place(self) -> bool:
        return False

    def shape(self, x: Shape) -> Shape:
        self.place(x)
        return x

    def windows(self, x: Shape) -> Sight:
        """The whole axis of competition, and the output's own position along every other axis."""
        axis = self.place(x)
        if axis == self.axis_index("channels", x):
            return "pointwise"
        place = axis if self.setting.layout == "HWC" else axis - 1
        return tuple(
            AxisWindow(2 * W - 1, 1, W - 1, W - 1, W) if index == place else AxisWindow(1, 1, 0, 0, W)
            for index, W in enumerate(self.spatial(x))
        )

    def reach(self, x: Shape) -> Reach:
        """The whole axis of competition."""
        return self.placed(x, self.place(x), throughout(x[self.place(x)]))


def softmax(np: ModuleType, x: Array, axis: int) -> Array:
    """e^xᵢ / Σⱼ e^xⱼ along an axis of the array, computed from differences to the maximum to avoid overflow."""
    powers = np.exp(x - x.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)
