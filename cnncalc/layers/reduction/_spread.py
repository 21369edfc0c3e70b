"""The base of the standard deviation and the variance along axes."""

from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare
from cnncalc.layers.base import Array
from cnncalc.layers.reduction._reduction import Reduction


class SpreadReduction(Reduction):
    """The mean square of the distance from the mean, or its root."""

    correction = declare.count(
        "subtracted from the count that divides the squares: 1 for the sample variance", minimum=0,
        default=None, default_text="1 under pytorch, else 0", aliases=("ddof",),
    )  # fmt: skip

    def elementwise(self, x: Shape, y: Shape) -> int:
        """Four per element: the mean's sum, the difference, its square, and the sum of squares."""
        return 4 * prod(x)

    def variance(self, np: ModuleType, x: Array, axes: tuple[int, ...], keep: bool) -> Array:
        less = int(self.setting.convention.name == "pytorch") if self.correction is None else self.correction
        with np.errstate(divide="ignore", invalid="ignore"):
            squares = ((x - x.mean(axis=axes, keepdims=True)) ** 2).sum(axis=axes, keepdims=keep)
            return squares / x.dtype.type(max(prod(x.shape[axis] for axis in axes) - less, 0))
