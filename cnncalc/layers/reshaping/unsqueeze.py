from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Sight
from cnncalc.layers.listed_axes import places


class Unsqueeze(Layer):
    """Adds axes of size 1, at the given positions of the output.

    FLOPs: none.
    """

    type = "unsqueeze"
    role = "passing"
    aliases = ("expand_dims",)
    family = "reshaping"
    least_axes = 0
    rule = "unsqueeze: axes of size 1 are added"
    sources = ("PyTorch, torch.unsqueeze", "ONNX operators, Unsqueeze", "Keras, keras.ops.expand_dims")
    examples = ("28x28 -> unsqueeze -1", "512 -> unsqueeze 1x2")

    axis = declare.listed_axes(
        "position or positions of the new axes in the output, counted from 1, or from -1 backwards",
        aliases=("dim", "axes"),
    )  # fmt: skip
    keeps = keeping.VIEW

    def shape(self, x: Shape) -> Shape:
        new = self._new(x)
        sizes = iter(x)
        return tuple(1 if axis in new else next(sizes) for axis in range(len(x) + len(new)))

    def _new(self, x: Shape) -> tuple[int, ...]:
        """The indices of the new axes in the output."""
        axes = self.axis or ()
        return places(axes, len(x) + len(axes), x)

    def windows(self, x: Shape) -> Sight:
        """Undefined: another axis holds the channels in the output."""
        return ()

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.expand_dims(x, tuple(axis + 1 for axis in self._new(tuple(x.shape[1:]))))
