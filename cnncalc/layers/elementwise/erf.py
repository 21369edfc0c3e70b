from __future__ import annotations

from types import ModuleType

from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.activation._functions import normal_distribution
from cnncalc.layers.base import Array


class Erf(Activation):
    """Error function, the step inside the exact GELU as exporters write it.

    FLOPs: one per element.
    """

    family = "elementwise"
    type = "erf"
    role = "function"
    aliases = ("error_function",)
    rule = "f(x) = 2/√π·∫₀ˣ e^(−t²) dt"
    sources = ("ONNX operators, Erf", "PyTorch, torch.erf")
    examples = ("16x16x8 -> erf", "32x32x3 -> conv 16 3x3 erf")

    def forward(self, np: ModuleType, x: Array) -> Array:
        bounded = np.clip(x, -10, 10)  # beyond, it is ±1, and √2 times the largest float would overflow
        return 2 * normal_distribution(np, bounded * 2**0.5) - 1
