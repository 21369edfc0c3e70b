from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.reduction._spread import SpreadReduction


class ReduceStd(SpreadReduction):
    """Standard deviation along axes, as in minibatch statistics and channel-wise style features.

    FLOPs: those of the variance, four per element, and one root per output.
    """

    type = "reduce_std"
    aliases = ("std", "standard_deviation")
    rule = "y = √(Σ(x − mean)²/(n − correction)) over the axes"
    sources = ("PyTorch, torch.std", "Keras, keras.ops.std", "TensorFlow, tf.math.reduce_std")
    examples = ("7x7x512 -> reduce_std 1x2 keep=true", "28x64 -> reduce_std 1")
    keeps = keeping.BOTH

    def elementwise(self, x: Shape, y: Shape) -> int:
        return super().elementwise(x, y) + prod(y)

    def reduce(self, np: ModuleType, x: Array, axes: tuple[int, ...], keep: bool) -> Array:
        return np.sqrt(self.variance(np, x, axes, keep))
