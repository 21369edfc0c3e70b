from __future__ import annotations

from types import ModuleType

from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Trunc(Function):
    """The input without its fractional part.

    FLOPs: one per element.
    """

    type = "trunc"
    aliases = ("truncate", "fix")
    rule = "f(x) = x rounded towards zero"
    sources = ("PyTorch, torch.trunc", "Keras, keras.ops.trunc")
    examples = ("16x16x8 -> trunc",)
    keeps = keeping.NOTHING

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.trunc(x)
