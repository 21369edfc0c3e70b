"""The `softplus` layer type."""

from __future__ import annotations

from types import ModuleType

from cnncalc.layers import declare
from cnncalc.layers.activation._elementwise import Activation
from cnncalc.layers.activation._functions import softplus
from cnncalc.layers.base import Array


class Softplus(Activation):
    """Smooth rectifier.

    FLOPs: one per element.
    """

    type = "softplus"
    rule = "f(x) = ln(1 + e^(beta·x))/beta"
    sources = (
        "Dugas et al., Incorporating Second-Order Functional Knowledge for Better Option Pricing, NIPS 2000",
        "PyTorch, torch.nn.Softplus",
    )
    examples = ("16x16x8 -> softplus", "32x32x3 -> conv 16 3x3 softplus")

    beta = declare.number("sharpness of the bend; above 0", default=1.0, minimum=1e-6, positional=True)

    def forward(self, np: ModuleType, x: Array) -> Array:
        return softplus(np, self.beta * x) / self.beta
