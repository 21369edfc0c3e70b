from __future__ import annotations

from cnncalc.layers import keeping, shared_fields
from cnncalc.layers.reshaping._padding import BorderPadding


class CircularPad(BorderPadding):
    """Pads with the opposite end of the input.

    The amount of a side is at most the size of the axis, except under onnx. The amount is written as in `zero_pad`.
    FLOPs: none.
    """

    type = "circular_pad"
    aliases = ("wrap_pad", "circular_padding")
    rule = "circular_pad: O = W + P₀ + P₁"
    sources = ("PyTorch, torch.nn.CircularPad2d", "ONNX operators, Pad (mode wrap)")
    examples = ("32x32x3 -> circular_pad 3", "7x5x3 -> circular_pad amount=[[0,1],[2,2]]")
    mode = "wrap"

    amount = shared_fields.padding_amount("amount on each side")
    keeps = keeping.NOTHING

    def most(self, W: int) -> int | None:
        return None if self.setting.convention.name == "onnx" else W
