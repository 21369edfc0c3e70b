"""The `reshape` layer type."""

from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.term import exact_div
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Layer, Sight, show_shape


class Reshape(Layer):
    """The same elements, in the same order, under other sizes; one size may be −1, what is left for it."""

    type = "reshape"
    aliases = ("view", "unflatten")
    family = "reshaping"
    rule = "reshape: the product of the sizes stays; −1 is the product divided by the other sizes"
    sources = ("Keras, keras.layers.Reshape", "PyTorch, torch.reshape", "ONNX operators, Reshape")
    examples = ("784 -> reshape 28x28x1", "7x7x64 -> reshape 49x-1")

    shape_ = declare.dimensions(
        "the new sizes without the batch axis", wildcard=True, aliases=("target_shape", "size", "unflattened_size")
    )

    def shape(self, x: Shape) -> Shape:
        total = prod(x)
        known = prod(size for size in self.shape_ if size != -1)
        if -1 not in self.shape_ and known != total:
            raise Refusal(
                f"{show_shape(x)} has {int(total)} elements, but {show_shape(self.shape_)} has {int(known)}",
                hint="write -1 for one size to have it computed",
                field="shape",
                code="E305",
            )
        if total % known:
            raise Refusal(
                f"{show_shape(x)} has {int(total)} elements, which {int(known)} does not divide: "
                f"remainder {int(total) % int(known)}",
                hint="the sizes beside the -1 must divide the number of elements",
                field="shape",
                code="E305",
            )
        return tuple(exact_div(total, known) if size == -1 else size for size in self.shape_)

    def windows(self, x: Shape) -> Sight:
        return "pointwise" if len(x) == len(self.shape_) == 1 else "whole"

    def forward(self, np: ModuleType, x: Array) -> Array:
        return x.reshape(len(x), *self.shape_)
