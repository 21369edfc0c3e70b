from __future__ import annotations

from types import ModuleType

from cnncalc.layers import keeping
from cnncalc.layers.activation._competition import Competition
from cnncalc.layers.base import Array


class Hardmax(Competition):
    """One for the first maximum along an axis, zero for all other values; a NaN stays NaN.

    FLOPs: one per element.
    """

    type = "hardmax"
    role = "softmax"
    rule = "f(xᵢ) = 1 if xᵢ is the first maximum of all xⱼ, else 0"
    sources = ("ONNX operators, Hardmax",)
    examples = ("10 -> hardmax", "16x16x8 -> hardmax axis=height", "784 -> dense 10 hardmax")

    data_decides = True
    keeps = keeping.NOTHING

    def forward(self, np: ModuleType, x: Array) -> Array:
        y = np.zeros_like(x)
        np.put_along_axis(y, x.argmax(axis=self.along(x), keepdims=True), 1, axis=self.along(x))
        return np.where(np.isnan(x), x, y)
