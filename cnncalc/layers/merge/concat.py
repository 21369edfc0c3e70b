from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Sight
from cnncalc.layers.merge._merge import aligned, different_rank, differing, without_batch_of_one


class Concat(Layer):
    """The inputs concatenated along an axis, by default the channels.

    FLOPs: none.
    """

    type = "concat"
    aliases = ("concatenate", "cat")
    family = "merge"
    rule = "concat: the sizes along the axis add up; along the others they are equal"
    sources = ("Keras, keras.layers.Concatenate", "PyTorch, torch.cat", "ONNX operators, Concat")
    examples = (
        "28x28x192 -> concat(conv 64 1x1 | conv 128 3x3 p1)",
        "8x8x16 -> concat(identity | relu) -> conv 8 1x1",
    )
    inputs = (1, None)
    branching = True
    takes_empty = True

    axis = declare.axis("the axis along which the inputs are concatenated", aliases=("dim", "concat_dim"))
    keeps = keeping.NOTHING

    def shape(self, *inputs: Shape) -> Shape:
        inputs = without_batch_of_one(self, inputs)
        first = inputs[0]
        along = self.axis_index(self.axis, first)
        for shape in inputs[1:]:
            if len(shape) != len(first):
                raise different_rank(first, shape)
            places = [place for place in range(len(first)) if place != along and first[place] != shape[place]]
            if places:
                name = self.axis_names(len(first))[along]
                raise differing(self, first, shape, places, f"only {name}, along which they are joined, may differ")
        return (*first[:along], sum(shape[along] for shape in inputs), *first[along + 1 :])

    def windows(self, *inputs: Shape) -> Sight:
        """Each output reads its own position along the channels; undefined along another axis.

        Learned arrays around a single input act as padding.
        """
        inputs = without_batch_of_one(self, inputs)
        first = inputs[0]
        along = self.axis_index(self.axis, first)
        if along == self.axis_index("channels", first) or len(inputs) == 1:
            return "pointwise"
        own = [place for place in range(len(inputs)) if place not in self.unbatched]
        if len(own) != 1:
            return ()
        sizes = [shape[along] for shape in inputs]
        before, after = sum(sizes[: own[0]]), sum(sizes[own[0] + 1 :])
        padded = AxisWindow(1, 1, before, after, sum(sizes))
        axes = range(len(first) - 1)
        place = along - (self.setting.layout == "CHW")
        spatial = self.spatial(first)
        return tuple(padded if axis == place else AxisWindow(1, 1, 0, 0, spatial[axis]) for axis in axes)

    def forward(self, np: ModuleType, *arrays: Array) -> Array:
        arrays = tuple(aligned(self, arrays))
        return np.concatenate(arrays, axis=1 + self.axis_index(self.axis, arrays[0].shape[1:]))
