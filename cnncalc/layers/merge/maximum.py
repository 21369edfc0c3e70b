from __future__ import annotations

from types import ModuleType

from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.merge._merge import Merge


class Maximum(Merge):
    """Maximum of the inputs, element by element.

    FLOPs: one for each input after the first, per output element.
    """

    type = "maximum"
    alone = ("keras", "onnx")
    aliases = ("max",)
    examples = ("32x32x16 -> maximum(conv 16 3x3 p1 | conv 16 5x5 p2)",)
    keeps = keeping.INPUTS

    def combine(self, np: ModuleType, one: Array, other: Array) -> Array:
        return np.maximum(one, other)
