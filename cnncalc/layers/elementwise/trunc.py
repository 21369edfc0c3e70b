from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Trunc(Function):
    """The whole number next towards zero.

    FLOPs: one per element.
    """

    type = "trunc"
    aliases = ("truncate", "fix")
    rule = "f(x) = the whole number between x and 0"
    sources = ("PyTorch, torch.trunc", "Keras, keras.ops.trunc")
    examples = ("16x16x8 -> trunc",)

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.trunc(x)
