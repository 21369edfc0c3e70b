from __future__ import annotations

from cnncalc.layers import shared_fields
from cnncalc.layers.reshaping._padding import BorderPadding


class ReflectionPad(BorderPadding):
    """The input mirrored at its border, the border itself not repeated.

    A side can mirror one less than the axis has. The amount is written as in `zero_pad`. FLOPs: none.
    """

    type = "reflection_pad"
    aliases = ("reflect_pad", "reflection_padding")
    rule = "reflection_pad: O = W + P₀ + P₁"
    sources = ("PyTorch, torch.nn.ReflectionPad2d", "ONNX operators, Pad (mode reflect)")
    examples = ("32x32x3 -> reflection_pad 3", "7x5x3 -> reflection_pad amount=[[0,1],[2,2]]")
    mode = "reflect"

    amount = shared_fields.padding_amount("how much on each side")

    def most(self, W: int) -> int | None:
        return W - 1
