from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.kernels.elementwise import by_blocks
from cnncalc.layers.base import Array
from cnncalc.layers.keeping import Keeps, KeptArray
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
        return by_blocks(np, np.multiply, one, other)

    def kept(self, *shapes: Shape) -> Keeps:
        """All factors but the one whose gradient is computed; of several products, those in between as well."""
        between = len(shapes) - 3
        arrays = (KeptArray("products", between * prod(shapes[-1])),) if between > 0 else ()
        return Keeps("others", arrays=arrays)
