from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers.base import Array
from cnncalc.layers.keeping import Keeps, KeptArray
from cnncalc.layers.merge._merge import Merge


class Divide(Merge):
    """Quotient: the first input divided by the second.

    FLOPs: one per output element.
    """

    type = "divide"
    aliases = ("div", "true_divide", "truediv", "RealDiv")
    examples = ("32x32x16 -> divide(identity | conv 16 1x1 sigmoid)",)
    inputs = (2, 2)

    def combine(self, np: ModuleType, one: Array, other: Array) -> Array:
        return one / other

    def kept(self, *shapes: Shape) -> Keeps:
        """The divisor for both gradients, the dividend for that of the divisor."""
        between = len(shapes) - 3
        arrays = (KeptArray("quotients", between * prod(shapes[-1])),) if between > 0 else ()
        return Keeps("all", arrays=arrays)
