from __future__ import annotations

from types import ModuleType

from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.merge._ternary import Ternary


class Lerp(Ternary):
    """Linear interpolation from the first input to the second, weighted by the third: a gated or learned mixture.

    FLOPs: three per output element.
    """

    type = "lerp"
    rule = "lerp: O = x + w·(a − x); equal sizes along every axis, or 1, which is broadcast"
    sources = ("PyTorch, torch.lerp",)
    examples = ("7x12 -> lerp(identity | relu | parameter 12)", "x: 7x12, a: 7x12, w: 7x1 -> lerp from=[x, a, w]")
    keeps = keeping.INPUTS

    def compute(self, np: ModuleType, x: Array, a: Array, b: Array) -> Array:
        return x + b * (a - x)
