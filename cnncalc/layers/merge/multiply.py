from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array
from cnncalc.layers.merge._merge import Merge


class Multiply(Merge):
    """Product of the inputs, element by element: for example a gate times features.

    FLOPs: one for each input after the first, per output element.
    """

    type = "multiply"
    alone = ("keras",)
    aliases = ("mul",)
    examples = ("32x32x16 -> multiply(conv 16 1x1 sigmoid | identity)",)

    def combine(self, np: ModuleType, one: Array, other: Array) -> Array:
        return one * other
