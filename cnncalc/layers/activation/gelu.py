"""The `gelu` layer type."""

from __future__ import annotations

from math import pi
from types import ModuleType

from cnncalc.layers import declare
from cnncalc.layers.activation._elementwise import Activation
from cnncalc.layers.activation._functions import normal_distribution
from cnncalc.layers.base import Array

_ROOT = (2 / pi) ** 0.5


class Gelu(Activation):
    """Gaussian error linear unit: the input times the probability that a standard normal is below it.

    FLOPs: one per element.
    """

    type = "gelu"
    rule = "f(x) = x·Φ(x); approximate: x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³)))"
    sources = ("Hendrycks & Gimpel, Gaussian Error Linear Units, arXiv 1606.08415", "PyTorch, torch.nn.GELU")
    examples = ("16x16x8 -> gelu", "32x32x3 -> conv 16 3x3 gelu")

    approximate = declare.flag("whether to use the formula with tanh", default=False)

    def forward(self, np: ModuleType, x: Array) -> Array:
        if not self.approximate:
            return x * normal_distribution(np, x)
        bounded = np.clip(x, -30, 30)  # beyond, tanh is ±1 and the cube would overflow
        return 0.5 * x * (1 + np.tanh(_ROOT * (bounded + 0.044715 * bounded**3)))
