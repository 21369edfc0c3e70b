from __future__ import annotations

from types import ModuleType

from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.merge._merge import Merge


class Subtract(Merge):
    """Difference: the first input minus the second.

    FLOPs: one for each input after the first, per output element.
    """

    type = "subtract"
    aliases = ("sub",)
    examples = ("32x32x16 -> subtract(conv 16 3x3 p1 | identity)",)
    inputs = (2, 2)
    keeps = keeping.NOTHING

    def combine(self, np: ModuleType, one: Array, other: Array) -> Array:
        return one - other
