from __future__ import annotations

from math import prod
from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import keeping
from cnncalc.layers.base import Array, Layer, Sight, show_shape


class OuterProduct(Layer):
    """Products of all pairs of elements of two vectors: for example angles from positions and frequencies.

    FLOPs: one product per output element.
    """

    type = "outer_product"
    aliases = ("outer", "ger")
    family = "merge"
    rule = "outer_product: vectors of n and m numbers give n×m"
    sources = ("PyTorch, torch.outer", "Keras, keras.ops.outer")
    examples = ("x: 7, y: 5 -> outer_product from=[x, y]", "7 -> outer_product(identity | parameter 5)")
    inputs: ClassVar[tuple[int, int | None]] = (2, 2)
    branching = True
    keeps = keeping.OTHERS

    def shape(self, x: Shape, y: Shape) -> Shape:
        for one in (x, y):
            if len(one) != 1:
                raise Refusal(
                    f"outer_product needs two vectors, got {show_shape(x)} and {show_shape(y)}",
                    hint="`einsum` names the axes of larger inputs", code="E303",
                )  # fmt: skip
        return (*x, *y)

    def elementwise(self, x: Shape, y: Shape, out: Shape) -> int:
        return prod(out)

    def windows(self, *inputs: Shape) -> Sight:
        """Undefined: each output combines one element of each vector."""
        return ()

    def forward(self, np: ModuleType, x: Array, y: Array) -> Array:
        return x[:, :, None] * y[:, None]
