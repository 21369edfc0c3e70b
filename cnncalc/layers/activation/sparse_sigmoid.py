from __future__ import annotations

from types import ModuleType

from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array


class SparseSigmoid(Activation):
    """Logistic function approximated by a straight line between −1 and 1.

    FLOPs: one per element.
    """

    type = "sparse_sigmoid"
    rule = "f(x) = min(max(0, (x + 1)/2), 1)"
    sources = ("Keras, keras.activations.sparse_sigmoid",)
    examples = ("16x16x8 -> sparse_sigmoid", "32x32x3 -> conv 16 3x3 sparse_sigmoid")

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.clip(0.5 * x + 0.5, 0, 1)
