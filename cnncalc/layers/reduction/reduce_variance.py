from __future__ import annotations

from types import ModuleType

from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.reduction._spread import SpreadReduction


class ReduceVariance(SpreadReduction):
    """Variance along axes.

    FLOPs: four per element: the mean's sum, the difference, its square, and the sum of squares.
    """

    type = "reduce_variance"
    aliases = ("var", "variance")
    rule = "y = Σ(x − mean)²/(n − correction) over the axes"
    sources = ("PyTorch, torch.var", "Keras, keras.ops.var", "TensorFlow, tf.math.reduce_variance")
    examples = ("7x7x512 -> reduce_variance 1x2 keep=true", "28x64 -> reduce_variance 1")
    keeps = keeping.INPUTS

    def reduce(self, np: ModuleType, x: Array, axes: tuple[int, ...], keep: bool) -> Array:
        return self.variance(np, x, axes, keep)
