from __future__ import annotations

from types import ModuleType

from cnncalc.layers import declare
from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.activation._stable_functions import exponential_tail
from cnncalc.layers.base import Array


class Elu(Activation):
    """Exponential linear unit.

    FLOPs: one per element.
    """

    type = "elu"
    rule = "f(x) = x if x > 0, else alpha·(eˣ − 1)"
    sources = (
        "Clevert, Unterthiner & Hochreiter, Fast and Accurate Deep Network Learning by ELUs, arXiv 1511.07289",
        "PyTorch, torch.nn.ELU",
    )
    examples = ("16x16x8 -> elu", "32x32x3 -> conv 16 3x3 elu")

    alpha = declare.number("the limit for large negative inputs, negated", default=1.0, positional=True)

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.maximum(x, 0) + self.alpha * exponential_tail(np, x)
