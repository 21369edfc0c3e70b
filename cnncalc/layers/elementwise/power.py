from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function
from cnncalc.layers.keeping import Keeps, KeptArray


class Power(Function):
    """A linear function of each element, raised to a fixed power.

    FLOPs: one per element.
    """

    type = "power"
    aliases = ("pow",)
    rule = "f(x) = (shift + scale·x)^exponent"
    sources = ("Caffe, Power", "ONNX operators, Pow with a constant exponent", "PyTorch, torch.pow")
    examples = ("16x16x8 -> power 2", "32x32x3 -> conv 16 3x3 -> power 0.5 scale=2 shift=1")
    usable_as_activation = True

    exponent = declare.number("the exponent", default=1.0, aliases=("power",), positional=True)
    scale = declare.number("factor of the input, inside the power", default=1.0)
    shift = declare.number("offset of the scaled input, inside the power", default=0.0)

    def kept(self, x: Shape, y: Shape) -> Keeps:
        if self.exponent == 1:
            return keeping.NOTHING
        if self.scale == 1 and not self.shift:
            return keeping.INPUTS
        return Keeps(arrays=(KeptArray("shift + scale·x", prod(x)),))

    def forward(self, np: ModuleType, x: Array) -> Array:
        with np.errstate(
            invalid="ignore", divide="ignore", over="ignore"
        ):  # no warning: the result is NaN or ±∞, as in every framework
            return np.power(self.shift + self.scale * x, self.exponent)
