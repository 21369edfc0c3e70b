from __future__ import annotations

from cnncalc.layers.resizing._blocks import IntoSpace


class PixelShuffle(IntoSpace):
    """The channels of a position become a block of positions: sub-pixel convolution's last step.

    Channels are ordered depth first: channel c·f² + i·f + j goes to position (i, j) of the block. FLOPs: none.
    """

    type = "pixel_shuffle"
    aliases = ("sub_pixel", "sub_pixel_shuffle")
    sources = (
        "Shi et al., Real-Time Single Image and Video Super-Resolution … Sub-Pixel Convolution, arXiv 1609.05158",
        "PyTorch, torch.nn.PixelShuffle",
    )
    examples = ("17x17x27 -> pixel_shuffle 3", "24x24x64 -> conv 12 3x3 p1 -> pixel_shuffle 2")
