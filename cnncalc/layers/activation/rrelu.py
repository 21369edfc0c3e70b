from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array
from cnncalc.layers.keeping import Keeps, KeptArray
from cnncalc.number_text import decimal


class Rrelu(Activation):
    """Rectified linear unit with a random slope below zero in training and a fixed one at inference.

    The forward pass runs in inference mode: the slope is the mean of the range. FLOPs: one per element.
    """

    type = "rrelu"
    aliases = ("randomized_relu", "randomized_leaky_relu")
    rule = "f(x) = x if x > 0, else (lower + upper)/2·x"
    sources = (
        "Xu et al., Empirical Evaluation of Rectified Activations in Convolutional Network, arXiv 1505.00853",
        "PyTorch, torch.nn.RReLU",
    )
    examples = ("16x16x8 -> rrelu", "32x32x3 -> conv 16 3x3 rrelu")

    lower = declare.number("smallest slope below zero", default=1 / 8, default_text="1/8", positional=True)
    upper = declare.number("largest slope below zero", default=1 / 3, default_text="1/3", positional=True)

    def shape(self, x: Shape) -> Shape:
        if self.lower > self.upper:
            raise Refusal(
                f"lower is {decimal(self.lower)}, above upper, {decimal(self.upper)}: the range is empty",
                hint="swap the two",
                field="lower",
                code="E204",
            )
        return x

    def kept(self, x: Shape, y: Shape) -> Keeps:
        return Keeps("all", arrays=(KeptArray("slopes", prod(x)),))

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.where(x > 0, x, 0.5 * (self.lower + self.upper) * x)
