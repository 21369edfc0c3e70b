from __future__ import annotations

from types import ModuleType
from typing import ClassVar

from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.activation._stable_functions import exponential_tail
from cnncalc.layers.base import Array

_SCALE = 1.0507009873554804934193349852946
_ALPHA = 1.6732632423543772848170429916717


class Selu(Activation):
    """Scaled exponential linear unit, which preserves mean 0 and variance 1 across layers.

    FLOPs: one per element.
    """

    type = "selu"
    without_effect: ClassVar[tuple[str, ...]] = ("alpha", "gamma")
    rule = "f(x) = λ·x if x > 0, else λα·(eˣ − 1), with λ = 1.05070098…, α = 1.67326324…"
    sources = ("Klambauer et al., Self-Normalizing Neural Networks, arXiv 1706.02515", "PyTorch, torch.nn.SELU")
    examples = ("16x16x8 -> selu", "32x32x3 -> conv 16 3x3 selu")

    def forward(self, np: ModuleType, x: Array) -> Array:
        return _SCALE * (np.maximum(x, 0) + _ALPHA * exponential_tail(np, x))
