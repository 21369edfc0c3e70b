from __future__ import annotations

from cnncalc.layers import shared_fields
from cnncalc.layers.reshaping._padding import BorderPadding


class ReplicationPad(BorderPadding):
    """Pads by repeating the border.

    The amount is not limited. The amount is written as in `zero_pad`. FLOPs: none.
    """

    type = "replication_pad"
    aliases = ("replicate_pad", "edge_pad", "replication_padding")
    rule = "replication_pad: O = W + P₀ + P₁"
    sources = ("PyTorch, torch.nn.ReplicationPad2d", "ONNX operators, Pad (mode edge)")
    examples = ("32x32x3 -> replication_pad 3", "7x5x3 -> replication_pad amount=[[0,1],[2,2]]")
    mode = "edge"

    amount = shared_fields.padding_amount("amount on each side")
