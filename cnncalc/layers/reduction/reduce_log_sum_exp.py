from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.reduction._reduction import Reduction


class ReduceLogSumExp(Reduction):
    """Logarithm of the sum of exponentials along axes, a smooth maximum.

    FLOPs: one per exponential, the additions, and one per logarithm.
    """

    type = "reduce_log_sum_exp"
    aliases = ("logsumexp",)
    rule = "y = ln Σ eˣ over the axes"
    sources = (
        "ONNX operators, ReduceLogSumExp",
        "PyTorch, torch.logsumexp",
        "Keras, keras.ops.logsumexp",
    )
    examples = ("7x7x512 -> reduce_log_sum_exp 1x2 keep=true", "28x64 -> reduce_log_sum_exp 1 keep=false")
    keeps = keeping.BOTH

    def elementwise(self, x: Shape, y: Shape) -> int:
        return 2 * prod(x)

    def reduce(self, np: ModuleType, x: Array, axes: tuple[int, ...], keep: bool) -> Array:
        largest = x.max(axis=axes, keepdims=True)  # subtracted first, so that no exponential overflows
        y = np.log(np.exp(x - largest).sum(axis=axes, keepdims=True)) + largest
        return y if keep else y.squeeze(axes)
