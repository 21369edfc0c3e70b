from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Square(Function):
    """Square of each element.

    FLOPs: one per element.
    """

    type = "square"
    rule = "f(x) = x²"
    sources = ("Keras, keras.ops.square", "PyTorch, torch.square")
    examples = ("16x16x8 -> square", "32x32x3 -> conv 16 3x3 square")
    usable_as_activation = True

    def forward(self, np: ModuleType, x: Array) -> Array:
        with np.errstate(over="ignore"):  # no warning: the result is infinity, as in every framework
            return np.square(x)
