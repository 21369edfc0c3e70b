from __future__ import annotations

from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import keeping
from cnncalc.layers.base import Array, Layer


class Identity(Layer):
    """Returns its input: a name for a position in the graph, an empty branch, a copy, or Keras's `Activation`.

    FLOPs: none.
    """

    type = "identity"
    without_effect: ClassVar[tuple[str, ...]] = ("to", "saturate", "round_mode")
    role = "passing"
    aliases = (
        "pass_through", "noop", "Activation", "clone", "copy", "detach", "contiguous", "stop_gradient", "Cast",
    )  # fmt: skip
    family = "reshaping"
    takes_empty = True
    least_axes = 0
    rule = "identity: the shape is unchanged"
    sources = ("Keras, keras.layers.Identity and Activation", "PyTorch, torch.nn.Identity", "ONNX operators, Identity")
    examples = ("32x32x16 -> identity", "32x32x16 -> activation relu", "32x32x16 -> add(conv 16 3x3 p1 | identity)")
    keeps = keeping.VIEW

    def shape(self, x: Shape) -> Shape:
        return x

    def forward(self, np: ModuleType, x: Array) -> Array:
        return x
