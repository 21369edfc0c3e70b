from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.activation._activation import Activation
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
        "ONNX operators, Celu",
    )
    examples = ("16x16x8 -> celu", "32x32x3 -> conv 16 3x3 celu")

    alpha = declare.number("the limit for large negative inputs, negated; not 0", default=1.0, positional=True)

    def shape(self, x: Shape) -> Shape:
        if not self.alpha:
            raise Refusal("alpha is 0, and the input is divided by it", field="alpha", code="E204")
        return x

    def forward(self, np: ModuleType, x: Array) -> Array:
        with np.errstate(over="ignore"):  # a negative alpha grows without bound
            return np.maximum(x, 0) + self.alpha * np.expm1(np.minimum(x, 0) / self.alpha)
