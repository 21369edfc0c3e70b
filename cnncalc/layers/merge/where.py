from __future__ import annotations

from math import prod
from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers.base import Array
from cnncalc.layers.keeping import Keeps, KeptArray
from cnncalc.layers.merge._merge import Merge, aligned, different_rank


class Where(Merge):
    """The second input where the first is not zero, and the third elsewhere.

    FLOPs: one per output element.
    """

    type = "where"
    inputs: ClassVar[tuple[int, int | None]] = (3, 3)
    rule = "where: equal sizes along every axis, or 1, which is broadcast"
    sources = ("ONNX operators, Where", "PyTorch, torch.where", "Keras, keras.ops.where")
    examples = ("mask: 7x1, x: 7x12, y: 7x12 -> where from=[mask, x, y]", "7x12 -> where(relu | identity | negative)")

    def elementwise(self, *shapes: Shape) -> int:
        return prod(shapes[-1])

    def kept(self, condition: Shape, x: Shape, other: Shape, y: Shape) -> Keeps:
        return Keeps(arrays=(KeptArray("condition", prod(condition), item_bytes=1, shared=0 in self.unbatched),))

    def _align(self, one: Shape, other: Shape) -> tuple[Shape, Shape]:
        """The frameworks' functions do not align samples of different rank: the batch would become another axis."""
        raise different_rank(one, other)

    def forward(self, np: ModuleType, *arrays: Array) -> Array:
        condition, one, other = aligned(self, arrays)
        return np.where(condition != 0, one, other)
