from __future__ import annotations

from types import ModuleType

from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.merge._merge import Merge


class Divide(Merge):
    """Quotient: the first input divided by the second.

    FLOPs: one per output element.
    """

    type = "divide"
    aliases = ("div", "true_divide", "truediv", "RealDiv")
    examples = ("32x32x16 -> divide(identity | conv 16 1x1 sigmoid)",)
    inputs = (2, 2)
    keeps = keeping.INPUTS

    def combine(self, np: ModuleType, one: Array, other: Array) -> Array:
        return one / other
