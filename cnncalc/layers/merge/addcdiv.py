from __future__ import annotations

from types import ModuleType

from cnncalc.layers import declare
from cnncalc.layers.base import Array
from cnncalc.layers.keeping import Keeps
from cnncalc.layers.merge._ternary import Ternary


class Addcdiv(Ternary):
    """The first input plus a multiple of the quotient of the others.

    FLOPs: three per output element.
    """

    type = "addcdiv"
    rule = "addcdiv: O = x + value·a/b; equal sizes along every axis, or 1, which is broadcast"
    sources = ("PyTorch, torch.addcdiv",)
    examples = (
        "32x32x16 -> addcdiv(identity | relu | parameter 16)",
        "x: 7x12, a: 7x12, b: 7x1 -> addcdiv from=[x, a, b]",
    )

    value = declare.number("the factor of the quotient", default=1.0)
    keeps = Keeps((1, 2))

    def compute(self, np: ModuleType, x: Array, a: Array, b: Array) -> Array:
        return x + self.value * a / b
