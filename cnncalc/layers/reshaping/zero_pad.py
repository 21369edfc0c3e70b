"""The `zero_pad` layer type."""

from __future__ import annotations

from types import ModuleType

from cnncalc.layers import declare
from cnncalc.layers.base import Array
from cnncalc.layers.reshaping._sides import Padding


class ZeroPad(Padding):
    """Zeros around the spatial axes, or another constant.

    One number pads every side; a list has, for each axis, a number for both sides or [before, after]. A flat list
    of two numbers for each axis is read as the convention's framework does: PyTorch from the last axis to the first,
    ONNX all that comes before and then all that comes after, Keras (ZeroPadding1D) before and after.
    """

    type = "zero_pad"
    aliases = ("ZeroPadding", "pad", "ConstantPad", "constant_padding")
    rule = "zero_pad: O = W + P₀ + P₁"
    sources = (
        "Keras, keras.layers.ZeroPadding2D",
        "PyTorch, torch.nn.ZeroPad2d and torch.nn.ConstantPad2d",
        "ONNX operators, Pad",
    )
    examples = ("32x32x3 -> zero_pad 2", "224x224x3 -> zero_pad amount=[[0,1],[0,1]] -> conv 32 3x3 s2")

    amount = declare.sides("zeros on each side", aliases=("padding", "pads", "paddings"), short="p", symbol="P")
    value = declare.number("what stands in the padding", default=0.0, aliases=("constant_value",), default_text="0")

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.pad(x, self.widths(x), constant_values=self.value)
