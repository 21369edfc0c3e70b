from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Expm1(Function):
    """Exponential function less one, exact near zero.

    FLOPs: one per element.
    """

    type = "expm1"
    rule = "f(x) = eˣ − 1"
    sources = ("PyTorch, torch.expm1", "Keras, keras.ops.expm1")
    examples = ("16x16x8 -> expm1",)

    def forward(self, np: ModuleType, x: Array) -> Array:
        with np.errstate(over="ignore"):  # as every framework: no error, but infinity
            return np.expm1(x)
