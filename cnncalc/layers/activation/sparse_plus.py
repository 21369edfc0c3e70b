from __future__ import annotations

from types import ModuleType

from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array


class SparsePlus(Activation):
    """Softplus that is exactly zero below −1 and exactly the input above 1.

    FLOPs: one per element.
    """

    type = "sparse_plus"
    rule = "f(x) = 0 if x ≤ −1, (x + 1)²/4 if −1 < x < 1, x if x ≥ 1"
    sources = ("Keras, keras.activations.sparse_plus",)
    examples = ("16x16x8 -> sparse_plus", "32x32x3 -> conv 16 3x3 sparse_plus")

    def forward(self, np: ModuleType, x: Array) -> Array:
        bend = np.clip(x, -1, 1) + 1
        return np.where(x >= 1, x, bend * bend / 4)
