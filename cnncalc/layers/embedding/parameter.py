from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Sight, Weight


class Parameter(Layer):
    """A learned array without an input: a position table, a class token, a relative bias, a scale, learned queries.

    It has no batch axis: write its shape without one. The layers that use it broadcast it over the batch: a merge
    aligns its last axes, a concatenation repeats it for every sample, `einsum` and `matmul` accept it as an operand
    without a batch. Layers whose inputs are all such arrays are computed once, regardless of the batch size.

    With `trainable: false` in its own item it is a table of fixed numbers: a buffer, or, if the convention prints
    these, a non-trainable parameter. FLOPs: none.
    """

    type = "parameter"
    aliases = ("free_parameter", "learned_array", "add_weight", "Variable")
    family = "embedding"
    rule = "parameter: the shape as given\none parameter per number"
    sources = ("PyTorch, torch.nn.Parameter", "Keras, keras.layers.Layer.add_weight", "ONNX, initializers of a graph")
    examples = (
        "14x14x64 -> add(identity | parameter 14x14x64)",
        "196x768 -> concat(parameter 1x768 | identity) axis=1 -> add(identity | parameter 197x768)",
        "tokens: 49x64 -> parameter 8x64 name=queries -> attention from=[queries, tokens]",
    )
    inputs: ClassVar[tuple[int, int | None]] = (0, 0)
    holds_output = True
    least_axes = 0

    shape_ = declare.dimensions(
        "sizes of the array, without a batch axis; `scalar` for one number", aliases=("size", "dims"), symbol="D",
        scalar=True,
    )  # fmt: skip
    buffer = declare.flag(
        "whether the numbers are fixed instead of learned: a table of sines, PyTorch's register_buffer", default=False,
        aliases=("fixed",),
    )  # fmt: skip
    keeps = keeping.NOTHING

    def fixed(self) -> Layer:
        return self if "buffer" in self.values() else Parameter(self.setting, **self.values(), buffer=True)

    def shape(self) -> Shape:
        return self.shape_

    def weights(self, y: Shape) -> Iterator[Weight]:
        yield Weight("array", y, statistic=self.buffer)

    def windows(self) -> Sight:
        """No window: it has no input."""
        return ()

    def forward(self, np: ModuleType, *, array: Array) -> Array:
        return array[None]
