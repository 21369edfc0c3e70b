"""The `flatten` layer type."""

from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers.base import Array, Layer, Sight


class Flatten(Layer):
    """All axes in one, in the order in which the layout writes them."""

    type = "flatten"
    family = "reshaping"
    rule = "flatten: the product of all sizes"
    sources = ("Keras, keras.layers.Flatten", "PyTorch, torch.nn.Flatten", "ONNX operators, Flatten (axis 1)")
    examples = ("7x7x64 -> flatten", "28x28x1 -> flatten -> dense 10")

    def shape(self, x: Shape) -> Shape:
        return (prod(x),)

    def windows(self, x: Shape) -> Sight:
        return "whole" if len(x) > 1 else "pointwise"

    def forward(self, np: ModuleType, x: Array) -> Array:
        return x.reshape(len(x), -1)
