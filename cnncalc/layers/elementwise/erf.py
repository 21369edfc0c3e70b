from __future__ import annotations

from types import ModuleType

from cnncalc.layers.activation._stable_functions import upper_tail
from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Erf(Function):
    """Error function, used by exporters to write the exact GELU.

    FLOPs: one per element.
    """

    type = "erf"
    aliases = ("error_function",)
    rule = "f(x) = 2/√π·∫₀ˣ e^(−t²) dt"
    sources = ("ONNX operators, Erf", "PyTorch, torch.erf")
    examples = ("16x16x8 -> erf", "32x32x3 -> conv 16 3x3 erf")
    usable_as_activation = True

    def forward(self, np: ModuleType, x: Array) -> Array:
        away = np.minimum(np.abs(x), 10)  # beyond, it is ±1, and √2 times the largest float would overflow
        return np.copysign(1 - 2 * upper_tail(np, away * 2**0.5), x)
