from __future__ import annotations

from types import ModuleType

from cnncalc.kernels.elementwise import by_blocks, one_plus_power
from cnncalc.layers import declare
from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array


class Swish(Activation):
    """Sigmoid-weighted linear unit, also called SiLU.

    With beta 1.702 it is the approximation of GELU called "quick". FLOPs: one per element.
    """

    type = "swish"
    aliases = ("silu",)
    rule = "f(x) = x/(1 + e^(−beta·x))"
    sources = (
        "Ramachandran, Zoph & Le, Searching for Activation Functions, arXiv 1710.05941",
        "PyTorch, torch.nn.SiLU",
        "ONNX operators, Swish",
    )
    examples = ("16x16x8 -> swish", "32x32x3 -> conv 16 3x3 swish")

    beta = declare.number("factor of the input inside the sigmoid", default=1.0, aliases=("alpha",), positional=True)

    def forward(self, np: ModuleType, x: Array) -> Array:
        def fill(seen: Array, out: Array) -> None:
            one_plus_power(np, seen if self.beta == 1 else self.beta * seen, out)
            np.divide(seen, out, out=out)

        return by_blocks(np, fill, x)
