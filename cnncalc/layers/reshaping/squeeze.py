from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Sight, show_shape
from cnncalc.layers.listed_axes import places


class Squeeze(Layer):
    """Removes axes of size 1: the given ones, or all of them, except the batch.

    An axis of another size is an error; PyTorch leaves it unchanged. FLOPs: none.
    """

    type = "squeeze"
    role = "passing"
    family = "reshaping"
    rule = "squeeze: axes of size 1 are removed"
    sources = ("PyTorch, torch.squeeze", "ONNX operators, Squeeze", "Keras, keras.ops.squeeze")
    examples = ("1x1x512 -> squeeze", "1x7x512 -> squeeze 1")

    axis = declare.listed_axes(
        "the axis or axes, counted from 1, or from -1 backwards",
        aliases=("dim", "axes"),
        default=None,
        default_text="every axis of size 1",
    )
    keeps = keeping.VIEW

    def shape(self, x: Shape) -> Shape:
        gone = self._gone(x)
        return tuple(size for axis, size in enumerate(x) if axis not in gone)

    def _gone(self, x: Shape) -> tuple[int, ...]:
        """The indices of the removed axes."""
        if self.axis is None:
            return tuple(axis for axis, size in enumerate(x) if size == 1)
        named = places(self.axis, len(x), x, repeated=self.setting.convention.name == "onnx")
        wrong = [axis for axis in named if x[axis] != 1]
        if wrong and self.setting.convention.name != "pytorch":
            raise Refusal(
                f"axis {wrong[0] + 1} of {show_shape(x)} has size {int(x[wrong[0]])}, not 1",
                hint="only an axis of size 1 can be removed",
                field="axis",
                code="E304",
            )
        return tuple(axis for axis in named if axis not in wrong)

    def windows(self, x: Shape) -> Sight:
        return () if self._gone(x) else "pointwise"

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.squeeze(x, tuple(axis + 1 for axis in self._gone(tuple(x.shape[1:]))))
