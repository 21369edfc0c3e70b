from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.taps import SAME_PLACE, moved
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Reach, Sight, show_shape
from cnncalc.layers.declare import PerAxis


class Expand(Layer):
    """Broadcasts axes of size 1: the same values at every position.

    A size of −1 keeps an axis unchanged; ONNX also accepts 1 for that, which PyTorch rejects if the axis is longer.
    FLOPs: none.
    """

    type = "expand"
    aliases = ("broadcast_to", "expand_as")
    family = "reshaping"
    rule = "expand: O as given where W = 1; the other sizes are unchanged"
    sources = ("ONNX operators, Expand", "PyTorch, torch.Tensor.expand", "Keras, keras.ops.broadcast_to")
    examples = ("1x1x16 -> expand 7x7x16", "1x1x16 -> expand [7, 7, -1]")

    size: PerAxis = declare.per_axis(
        "sizes of the output's axes, in the layout's order, −1 for unchanged ones", minimum=-1, positional=True,
        symbol="O", aliases=("sizes",),
    )  # fmt: skip
    keeps = keeping.REORDERED

    def shape(self, x: Shape) -> Shape:
        sizes = self.size if isinstance(self.size, tuple) else (self.size,)
        if len(sizes) != len(x):
            raise Refusal(
                f"{len(sizes)} sizes for {show_shape(x)}, which has {len(x)} {'axis' if len(x) == 1 else 'axes'}",
                hint="give one per axis without the batch, −1 for unchanged ones",
                field="size",
                code="E303",
            )
        return tuple(self._stretched(W, size, x) for W, size in zip(x, sizes, strict=True))

    def _stretched(self, W: int, size: int, x: Shape) -> int:
        kept = size == -1 or size == W or (size == 1 and self.setting.convention.name == "onnx")
        if size == 0 or not (kept or W == 1):
            raise Refusal(
                f"an axis of {int(W)} in {show_shape(x)} cannot be broadcast to {int(size)}",
                hint="only axes of size 1 are broadcast; write −1 for an unchanged axis",
                field="size",
                code="E304",
            )
        return W if kept else size

    def windows(self, x: Shape) -> Sight:
        """Undefined if a spatial axis is broadcast: every output reads the same position."""
        return "pointwise" if self.spatial(x) == self.spatial(self.shape(x)) else ()

    def reach(self, x: Shape) -> Reach:
        """Along a broadcast axis every output reads the single position."""
        axes = zip(self.spatial(x), self.spatial(self.shape(x)), strict=True)
        return tuple(SAME_PLACE if size == W else moved(0, 0) for W, size in axes)

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.broadcast_to(x, (len(x), *self.shape(tuple(x.shape[1:]))))
