from __future__ import annotations

from types import ModuleType

from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Expm1(Function):
    """Exponential function minus one, accurate near zero.

    FLOPs: one per element.
    """

    type = "expm1"
    rule = "f(x) = eˣ − 1"
    sources = ("PyTorch, torch.expm1", "Keras, keras.ops.expm1")
    examples = ("16x16x8 -> expm1",)
    keeps = keeping.OUTPUT

    def forward(self, np: ModuleType, x: Array) -> Array:
        with np.errstate(over="ignore"):  # no warning: the result is infinity, as in every framework
            return np.expm1(x)
