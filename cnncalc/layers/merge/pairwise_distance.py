from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare
from cnncalc.layers.base import Array
from cnncalc.layers.keeping import Keeps, KeptArray
from cnncalc.layers.merge._comparison import Comparison


class PairwiseDistance(Comparison):
    """Distance between two inputs' vectors along the last axis: the p-norm of their difference.

    FLOPs: four per element (the difference, ε, the power and the sum), and one root per output.
    """

    type = "pairwise_distance"
    rule = "pairwise_distance: (Σ |x − y + ε|ᵖ)^(1/p) along the last axis, which is removed"
    sources = ("PyTorch, torch.nn.PairwiseDistance",)
    examples = (
        "13x64 -> pairwise_distance(conv 32 1 | conv 32 1)",
        "x: 7x16, y: 7x16 -> pairwise_distance from=[x, y] norm=1",
    )

    norm = declare.number("the exponent p of the norm", default=2.0, minimum=0, aliases=("p",), default_text="2")
    epsilon = declare.number("epsilon added to each difference", default=1e-6, aliases=("eps",))

    def axis_of(self, shape: Shape) -> int:
        return len(shape) - 1

    def elementwise(self, *shapes: Shape) -> int:
        return 4 * prod(self.common(shapes[:-1])) + prod(shapes[-1])

    def kept(self, *shapes: Shape) -> Keeps:
        return Keeps(output=True, arrays=(KeptArray("difference", prod(self.common(shapes[:-1]))),))

    def compare(self, np: ModuleType, x: Array, y: Array, axis: int) -> Array:
        apart = np.abs(x - y + x.dtype.type(self.epsilon))
        if self.norm == 0:  # the number of elements that differ
            return (apart != 0).sum(axis, keepdims=self.keep).astype(x.dtype)
        if self.norm == float("inf"):
            return apart.max(axis, keepdims=self.keep)
        powers = (apart ** x.dtype.type(self.norm)).sum(axis, keepdims=self.keep)
        return powers ** x.dtype.type(1 / self.norm)
