from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare
from cnncalc.layers.base import Array
from cnncalc.layers.keeping import Keeps, KeptArray
from cnncalc.layers.merge._comparison import Comparison


class CosineSimilarity(Comparison):
    """Cosine of the angle between two inputs' vectors along an axis.

    FLOPs: two per multiply–accumulate, three of them per element (the product and the two squares); per output two
    roots, a product and a division.
    """

    type = "cosine_similarity"
    rule = "cosine_similarity: x·y/(max(|x|, ε)·max(|y|, ε)) along the axis, which is removed"
    sources = ("PyTorch, torch.nn.CosineSimilarity",)
    examples = (
        "13x64 -> cosine_similarity(conv 32 1 | conv 32 1)",
        "x: 7x16, y: 7x16 -> cosine_similarity from=[x, y] keep=true",
    )

    axis = declare.axis(
        "the axis along which vectors are compared, by name or from 1 without the batch", aliases=("dim",)
    )
    epsilon = declare.number("minimum length for the division", default=1e-8, aliases=("eps",))

    def axis_of(self, shape: Shape) -> int:
        return self.axis_index(self.axis, shape)

    def macs(self, *shapes: Shape) -> int:
        return 3 * prod(self.common(shapes[:-1]))

    def elementwise(self, *shapes: Shape) -> int:
        return 4 * prod(shapes[-1])

    def kept(self, *shapes: Shape) -> Keeps:
        """The lengths of the vectors, before and after their lower bound, and the vectors of length 1."""
        first, second, y = shapes
        common = prod(self.common((first, second)))
        return Keeps("all", arrays=(KeptArray("lengths", 4 * prod(y)), KeptArray("unit vectors", 2 * common)))

    def compare(self, np: ModuleType, x: Array, y: Array, axis: int) -> Array:
        lengths = [np.sqrt(np.square(array).sum(axis, keepdims=True)) for array in (x, y)]
        x, y = (array / np.maximum(length, self.epsilon) for array, length in zip((x, y), lengths, strict=True))
        return (x * y).sum(axis, keepdims=self.keep)
