from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.taps import SAME_PLACE, again, patterns
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Reach, Sight, show_shape
from cnncalc.layers.declare import PerAxis


class Tile(Layer):
    """Repeats the whole input several times along each axis.

    FLOPs: none.
    """

    type = "tile"
    aliases = ("repeat_tensor",)
    family = "reshaping"
    rule = "tile: O = W·repeats along each axis"
    sources = ("ONNX operators, Tile", "PyTorch, torch.Tensor.repeat and torch.tile", "Keras, keras.ops.tile")
    examples = ("1x1x16 -> tile 7x7x1", "5x16 -> tile [1, 3, 2]")

    repeats: PerAxis = declare.per_axis(
        "number of copies along each axis, in the layout's order; a 1 for the batch may come first",
        positional=True, symbol="r", aliases=("multiples",),
    )  # fmt: skip
    keeps = keeping.NOTHING

    def shape(self, x: Shape) -> Shape:
        return tuple(size * count for size, count in zip(x, self._counts(x), strict=True))

    def _counts(self, x: Shape) -> tuple[int, ...]:
        """The number of copies along each axis of a sample. Raises Refusal for another number of values."""
        counts = self.repeats if isinstance(self.repeats, tuple) else (self.repeats,) * len(x)
        if len(counts) == len(x) + 1 and counts[0] == 1:
            return counts[1:]
        if len(counts) != len(x):
            raise Refusal(
                f"{len(counts)} numbers for {show_shape(x)}, which has {len(x)} {'axis' if len(x) == 1 else 'axes'}",
                hint=f"give {len(x)}, with 1 for axes that are not repeated",
                field="repeats",
                code="E303",
            )
        return counts

    def windows(self, x: Shape) -> Sight:
        """Along the channels each output reads its own position; undefined along another axis, where copies move."""
        return "pointwise" if self.spatial(x) == self.spatial(self.shape(x)) else ()

    def reach(self, x: Shape) -> Reach:
        """A copy reads the position that it repeats."""
        axes = zip(self.spatial(x), self.spatial(self._counts(x)), strict=True)
        return patterns(SAME_PLACE if count == 1 else again(W) for W, count in axes)

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.tile(x, (1, *self._counts(x.shape[1:])))
