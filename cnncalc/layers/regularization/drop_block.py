from __future__ import annotations

from math import prod
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare, keeping, shared_fields
from cnncalc.layers.keeping import Keeps
from cnncalc.layers.regularization._regularization import Regularization


class DropBlock(Regularization):
    """Zeroes blocks of neighbouring positions at random during training; the identity at inference, as here."""

    type = "drop_block"
    role = "dropout"
    rule = "drop_block: the shape is unchanged"
    sources = (
        "Ghiasi, Lin & Le, DropBlock: A regularization method for convolutional networks, arXiv 1810.12890",
        "torchvision, torchvision.ops.DropBlock2d",
    )
    examples = ("7x11x64 -> drop_block 0.1 block=5", "7x11x64 -> drop_block")
    spatial_suffix = True
    without_effect: ClassVar[tuple[str, ...]] = ("eps",)

    rate = shared_fields.rate(
        "fraction of positions that are zeroed during training", default=0.1, aliases=("drop_prob",)
    )
    block = declare.count("size of a block along each axis; without effect here", default=7, aliases=("block_size",))

    def shape(self, x: Shape) -> Shape:
        self.require_spatial(x)
        return x

    def kept(self, x: Shape, y: Shape) -> Keeps:
        return keeping.mask(self.rate, prod(x))
