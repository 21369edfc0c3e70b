from __future__ import annotations

from math import prod
from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Layer, Sight, show_shape
from cnncalc.layers.keeping import Keeps
from cnncalc.layers.merge.add import Add
from cnncalc.layers.merge.matmul import Matmul


class Addmm(Layer):
    """The first input plus the matrix product of the others: a dense layer whose weights are inputs.

    FLOPs: two per multiply–accumulate and one per output for the sum.
    """

    type = "addmm"
    aliases = ("baddbmm",)
    family = "merge"
    rule = "addmm: O = beta·x + alpha·a·b; the product is n×k times k×m, and x is broadcast to it"
    sources = ("PyTorch, torch.addmm and torch.baddbmm",)
    examples = (
        "7 -> addmm(parameter 5 | identity | parameter 7x5)",
        "x: 3x5, a: 3x7, b: 7x5 -> addmm from=[x, a, b]",
    )
    inputs: ClassVar[tuple[int, int | None]] = (3, 3)
    branching = True

    beta = declare.number("the factor of the first input", default=1.0)
    alpha = declare.number("the factor of the product", default=1.0)
    keeps = Keeps((1, 2))

    def shape(self, x: Shape, a: Shape, b: Shape) -> Shape:
        product = self._product().shape(a, b)
        y = self._sum().shape(x, product)
        if y != product:
            raise Refusal(
                f"{show_shape(x)} cannot be broadcast to the product, {show_shape(product)}",
                hint="use matmul and a separate add", code="E308",
            )  # fmt: skip
        return y

    def _product(self) -> Layer:
        return Matmul(self.setting).beside(tuple(place - 1 for place in self.unbatched if place))

    def _sum(self) -> Layer:
        """The shape of the sum; the product has a batch axis unless neither factor has one."""
        parts = (0 in self.unbatched, {1, 2} <= set(self.unbatched))
        return Add(self.setting).beside(tuple(place for place, unbatched in enumerate(parts) if unbatched))

    def macs(self, x: Shape, a: Shape, b: Shape, y: Shape) -> int:
        return self._product().macs(a, b, y)

    def elementwise(self, x: Shape, a: Shape, b: Shape, y: Shape) -> int:
        return prod(y)

    def windows(self, *inputs: Shape) -> Sight:
        """Undefined: each output combines a row and a column."""
        return ()

    def forward(self, np: ModuleType, x: Array, a: Array, b: Array) -> Array:
        product = self._product().forward(np, a, b)
        return self._sum().forward(np, self.beta * x, self.alpha * product)
