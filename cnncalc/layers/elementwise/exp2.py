from __future__ import annotations

from types import ModuleType

from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Exp2(Function):
    """Two to the power of each element.

    FLOPs: one per element.
    """

    type = "exp2"
    rule = "f(x) = 2ˣ"
    sources = ("PyTorch, torch.exp2", "Keras, keras.ops.exp2")
    examples = ("16x16x8 -> exp2",)
    keeps = keeping.OUTPUT

    def forward(self, np: ModuleType, x: Array) -> Array:
        with np.errstate(over="ignore"):  # no warning: the result is infinity, as in every framework
            return np.exp2(x)
