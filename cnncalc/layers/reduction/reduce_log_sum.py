from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers.base import Array
from cnncalc.layers.keeping import Keeps, KeptArray
from cnncalc.layers.reduction._reduction import Reduction


class ReduceLogSum(Reduction):
    """Logarithm of the sum along axes.

    FLOPs: the additions, and one per logarithm.
    """

    type = "reduce_log_sum"
    rule = "y = ln Σ x over the axes"
    sources = ("ONNX operators, ReduceLogSum",)
    examples = ("7x7x512 -> reduce_log_sum 1x2 keep=true", "28x64 -> reduce_log_sum 1 keep=false")

    def elementwise(self, x: Shape, y: Shape) -> int:
        return prod(x)

    def kept(self, x: Shape, y: Shape) -> Keeps:
        return Keeps(arrays=(KeptArray("sum", prod(y)),))

    def reduce(self, np: ModuleType, x: Array, axes: tuple[int, ...], keep: bool) -> Array:
        with np.errstate(
            invalid="ignore", divide="ignore"
        ):  # no warning: the result is NaN or −∞, as in every framework
            return np.log(x.sum(axis=axes, keepdims=keep))
