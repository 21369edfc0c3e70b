from __future__ import annotations

from types import ModuleType

from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Sign(Function):
    """Sign of the input: −1, 0 or 1.

    FLOPs: one per element.
    """

    type = "sign"
    rule = "f(x) = −1 if x < 0, 0 if x = 0, 1 if x > 0"
    sources = ("ONNX operators, Sign", "PyTorch, torch.sign")
    examples = ("16x16x8 -> sign", "32x32x3 -> conv 16 3x3 sign")
    usable_as_activation = True
    keeps = keeping.NOTHING

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.sign(x)
