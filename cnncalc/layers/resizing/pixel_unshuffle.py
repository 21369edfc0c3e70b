from __future__ import annotations

from cnncalc.layers.resizing._blocks import IntoChannels


class PixelUnshuffle(IntoChannels):
    """Blocks of positions become channels: the inverse of `pixel_shuffle`.

    Channels are ordered depth first: position (i, j) of the block becomes channel c·f² + i·f + j. FLOPs: none.
    """

    type = "pixel_unshuffle"
    sources = ("PyTorch, torch.nn.PixelUnshuffle",)
    examples = ("12x18x3 -> pixel_unshuffle 2", "9x9x4 -> pixel_unshuffle 3")
