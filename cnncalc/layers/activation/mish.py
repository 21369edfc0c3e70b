from __future__ import annotations

from types import ModuleType

from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.activation._stable_functions import softplus
from cnncalc.layers.base import Array


class Mish(Activation):
    """Smooth, self-gated activation.

    FLOPs: one per element.
    """

    type = "mish"
    rule = "f(x) = x·tanh(ln(1 + eˣ))"
    sources = (
        "Misra, Mish: A Self Regularized Non-Monotonic Activation Function, arXiv 1908.08681",
        "PyTorch, torch.nn.Mish",
    )
    examples = ("16x16x8 -> mish", "32x32x3 -> conv 16 3x3 mish")

    def forward(self, np: ModuleType, x: Array) -> Array:
        return x * np.tanh(softplus(np, x))
