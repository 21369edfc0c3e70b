from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.activation._stable_functions import softplus
from cnncalc.layers.base import Array


class Softplus(Activation):
    """Smooth rectifier.

    FLOPs: one per element.
    """

    type = "softplus"
    aliases = ("bnll",)
    rule = "f(x) = ln(1 + e^(beta·x))/beta, and x if beta·x exceeds the threshold"
    sources = (
        "Dugas et al., Incorporating Second-Order Functional Knowledge for Better Option Pricing, NIPS 2000",
        "PyTorch, torch.nn.Softplus",
        "Caffe, BNLL",
    )
    examples = ("16x16x8 -> softplus", "32x32x3 -> conv 16 3x3 softplus")

    beta = declare.number("sharpness of the bend; not 0", default=1.0, positional=True)
    threshold = declare.optional_number(
        "value of beta·x above which the function returns its input",
        default_text="never; pytorch's 20 makes no difference to a float32",
    )

    def shape(self, x: Shape) -> Shape:
        if not self.beta:
            raise Refusal("beta is 0, and the function is divided by it", field="beta", code="E204")
        return x

    def forward(self, np: ModuleType, x: Array) -> Array:
        scaled = self.beta * x
        y = softplus(np, scaled) / self.beta
        return y if self.threshold is None else np.where(scaled > self.threshold, x, y)
