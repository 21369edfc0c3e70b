from __future__ import annotations

from math import prod
from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare
from cnncalc.layers.base import Array
from cnncalc.layers.keeping import Keeps, KeptArray
from cnncalc.layers.merge._merge import Merge, aligned


class MaskedFill(Merge):
    """The first input, with a fixed number where the second, a mask, is not zero.

    FLOPs: one per output element.
    """

    type = "masked_fill"
    rule = "masked_fill: equal sizes along every axis, or 1, which is broadcast"
    sources = ("PyTorch, torch.Tensor.masked_fill",)
    examples = (
        "scores: 8x49x49, mask: 1x49x49 -> masked_fill from=[scores, mask] value=-100",
        "8x49x49 -> masked_fill(identity | parameter 49x49 buffer=true) -> softmax",
    )
    inputs: ClassVar[tuple[int, int | None]] = (2, 2)

    value = declare.number("the number that replaces masked values", default=0.0)

    def elementwise(self, *shapes: Shape) -> int:
        return prod(shapes[-1])

    def kept(self, x: Shape, mask: Shape, y: Shape) -> Keeps:
        return Keeps(arrays=(KeptArray("mask", prod(mask), item_bytes=1, shared=1 in self.unbatched),))

    def forward(self, np: ModuleType, *arrays: Array) -> Array:
        x, mask = aligned(self, arrays)
        known = x == x  # a NaN is kept, so that a random mask does not hide from a probe which inputs an output reads
        return np.where((mask != 0) & known, x.dtype.type(self.value), x)
