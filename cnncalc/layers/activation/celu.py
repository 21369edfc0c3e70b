"""The `celu` layer type."""

from __future__ import annotations

from types import ModuleType

from cnncalc.layers import declare
from cnncalc.layers.activation._elementwise import Activation
from cnncalc.layers.activation._functions import exponential_tail
from cnncalc.layers.base import Array


class Celu(Activation):
    """Continuously differentiable exponential linear unit.

    FLOPs: one per element.
    """

    type = "celu"
    rule = "f(x) = max(0, x) + min(0, alpha·(e^(x/alpha) − 1))"
    sources = (
        "Barron, Continuously Differentiable Exponential Linear Units, arXiv 1704.07483",
        "PyTorch, torch.nn.CELU",
    )
    examples = ("16x16x8 -> celu", "32x32x3 -> conv 16 3x3 celu")

    alpha = declare.number(
        "what large negative values tend to, negated; above 0", default=1.0, minimum=1e-6, positional=True
    )

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.maximum(x, 0) + self.alpha * exponential_tail(np, x / self.alpha)
