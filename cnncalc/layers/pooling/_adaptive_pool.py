"""The base of adaptive pools: bins that divide each axis into the requested number of outputs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod

from cnncalc.arithmetic import taps
from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.term import common_divisor, exact_div
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.layers import declare
from cnncalc.layers.base import Layer, Reach, Sight
from cnncalc.layers.worked_output import Place


class AdaptivePool(Layer):
    """One value per bin; the bins divide each axis into the requested number of outputs."""

    family = "pooling"
    rule = "adaptive pooling: O is given; output i reads the input from ⌊i·W/O⌋ to ⌈(i + 1)·W/O⌉, depth unchanged"
    sources = (
        "PyTorch, torch.nn.AdaptiveAvgPool2d and its kernel's start_index and end_index; torch.nn.AdaptiveMaxPool2d",
        "Keras, keras.layers.AdaptiveAveragePooling2D",
    )
    spatial_suffix = True

    size = declare.sizes("output size of each axis, ~ for one that is unchanged", symbol="O", aliases=("output_size",))

    def counts(self, x: Shape) -> tuple[int, ...]:
        """The output's size along each spatial axis of `x`."""
        sizes: tuple[int | None, ...] = self.axes(self.size, x, "size")  # type: ignore[arg-type]
        return tuple(W if size is None else size for W, size in zip(self.spatial(x), sizes, strict=True))

    def shape(self, x: Shape) -> Shape:
        self.require_spatial(x)
        return self.volume(self.counts(x), self.channels(x))

    def elementwise(self, x: Shape, y: Shape) -> int:
        """One comparison or addition fewer than the positions of its bin, for every output."""
        return self.channels(x) * (prod(map(covered, self.spatial(x), self.counts(x))) - prod(self.counts(x)))

    def windows(self, x: Shape) -> Sight:
        """Equal windows if every size divides its axis; undefined for bins of different sizes."""
        axes = list(zip(self.spatial(x), self.counts(x), strict=True))
        if all(count == 1 for _, count in axes):
            return "whole"
        if any(W % count for W, count in axes):
            return ()
        return tuple(AxisWindow(exact_div(W, count), exact_div(W, count), 0, 0, count) for W, count in axes)

    def reach(self, x: Shape) -> Reach:
        """The bins, which may differ in size and overlap."""
        if all(count == 1 for count in self.counts(x)):
            return "whole"
        return taps.patterns(map(taps.bins, self.spatial(x), self.counts(x)))

    def taps(self, position: Place, x: Shape) -> Iterator[tuple[Place, Place | None]]:
        bins = [
            range(index * W // count, -(-(index + 1) * W // count))
            for index, W, count in zip(position, self.spatial(x), self.counts(x), strict=True)
        ]
        return ((place, place) for place in product(*bins))

    def remarks(self, x: Shape, y: Shape) -> tuple[str, ...]:
        uneven = [(int(W), int(count)) for W, count in zip(self.spatial(x), self.counts(x), strict=True) if W % count]
        return tuple(_UNEVEN.format(W=W, O=count, seen=covered(W, count)) for W, count in dict.fromkeys(uneven))


_UNEVEN = (
    "{O} does not divide {W}: the bins differ in size or overlap, and together they read W + O − gcd(W, O) = {seen} "
    "positions."
)


def covered(W: int, count: int) -> int:
    """The number of positions that `count` bins of an axis of W read: W plus one per bin edge off the grid."""
    return W + count - common_divisor(W, count)
