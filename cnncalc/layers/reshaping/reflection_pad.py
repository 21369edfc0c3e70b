from __future__ import annotations

from cnncalc.layers import shared_fields
from cnncalc.layers.reshaping._padding import BorderPadding


class ReflectionPad(BorderPadding):
    """Pads with a reflection of the input, without repeating the border.

    The amount of a side is less than the size of the axis. The amount is written as in `zero_pad`. FLOPs: none.
    """

    type = "reflection_pad"
    aliases = ("reflect_pad", "reflection_padding")
    rule = "reflection_pad: O = W + P₀ + P₁"
    sources = ("PyTorch, torch.nn.ReflectionPad2d", "ONNX operators, Pad (mode reflect)")
    examples = ("32x32x3 -> reflection_pad 3", "7x5x3 -> reflection_pad amount=[[0,1],[2,2]]")
    mode = "reflect"

    amount = shared_fields.padding_amount("amount on each side")

    def most(self, W: int) -> int | None:
        return W - 1
