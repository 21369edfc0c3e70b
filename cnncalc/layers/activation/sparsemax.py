from __future__ import annotations

from types import ModuleType

from cnncalc.layers.activation._competition import Competition
from cnncalc.layers.base import Array


class Sparsemax(Competition):
    """Probabilities along an axis, many exactly zero: the projection onto the probability simplex.

    FLOPs: one per element.
    """

    type = "sparsemax"
    role = "softmax"
    rule = "f(xᵢ) = max(xᵢ − τ, 0), τ such that they add up to 1"
    sources = ("Martins & Astudillo, From Softmax to Sparsemax, arXiv 1602.02068", "Keras, keras.activations.sparsemax")
    examples = ("10 -> sparsemax", "16x16x8 -> sparsemax axis=height", "784 -> dense 10 sparsemax")

    def forward(self, np: ModuleType, x: Array) -> Array:
        """Algorithm 1 of the paper; values 1 or more below the maximum become zero."""
        rows = np.moveaxis(x, self.along(x), -1)
        rows = np.maximum(rows - rows.max(axis=-1, keepdims=True), -1)
        falling = -np.sort(-rows, axis=-1)
        sums = falling.cumsum(axis=-1)
        ranks = np.arange(1, rows.shape[-1] + 1, dtype=x.dtype)
        supported = np.maximum((1 + ranks * falling > sums).sum(axis=-1, keepdims=True), 1)
        threshold = (np.take_along_axis(sums, supported - 1, axis=-1) - 1) / supported.astype(x.dtype)
        return np.moveaxis(np.maximum(rows - threshold, 0), -1, self.along(x))
