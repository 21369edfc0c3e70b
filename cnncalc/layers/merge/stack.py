from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Sight
from cnncalc.layers.merge._merge import different_rank, differing


class Stack(Layer):
    """The inputs stacked along a new axis: inputs of one shape become one tensor with one more axis.

    FLOPs: none.
    """

    type = "stack"
    aliases = ("pack",)
    family = "merge"
    rule = "stack: a new axis, with the number of inputs as its size; the other sizes are equal"
    sources = ("PyTorch, torch.stack", "Keras, keras.ops.stack", "ONNX operators, ConcatFromSequence with new_axis")
    examples = ("8x8x16 -> stack(identity | relu)", "8x8x16 -> stack(identity | relu | conv 16 1x1) axis=-1")
    inputs = (1, None)
    branching = True
    least_axes = 0

    axis = declare.axis(
        "position of the new axis in the output", default=None, default_text="1, the first", aliases=("dim",)
    )
    keeps = keeping.NOTHING

    def shape(self, *inputs: Shape) -> Shape:
        first = inputs[0]
        for shape in inputs[1:]:
            if len(shape) != len(first):
                raise different_rank(first, shape)
            places = [place for place, (a, b) in enumerate(zip(first, shape, strict=True)) if a != b]
            if places:
                raise differing(self, first, shape, places, "stacked inputs need equal sizes along every axis")
        along = self._along(len(inputs), first)
        return (*first[:along], len(inputs), *first[along:])

    def _along(self, count: int, first: Shape) -> int:
        """The index of the new axis in the output."""
        return 0 if self.axis is None else self.axis_index(self.axis, (count, *first))

    def windows(self, *inputs: Shape) -> Sight:
        """Undefined: the new axis may hold positions or channels."""
        return ()

    def forward(self, np: ModuleType, *arrays: Array) -> Array:
        return np.stack(arrays, axis=1 + self._along(len(arrays), arrays[0].shape[1:]))
