from __future__ import annotations

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare, keeping, shared_fields
from cnncalc.layers.keeping import Keeps
from cnncalc.layers.regularization._regularization import Regularization


class StochasticDepth(Regularization):
    """Drops a residual branch at random during training; the identity at inference, as here.

    Put it at the end of the branch, before the sum. It is also called drop path.
    """

    type = "stochastic_depth"
    aliases = ("DropPath",)
    rule = "stochastic_depth: the shape is unchanged"
    sources = (
        "Huang et al., Deep Networks with Stochastic Depth, arXiv 1603.09382",
        "torchvision, torchvision.ops.StochasticDepth",
        "timm, timm.layers.DropPath",
    )
    examples = (
        "7x7x64 -> stochastic_depth 0.2",
        "7x7x64 -> add(conv 64 3x3 p1 -> stochastic_depth 0.1 | identity) -> relu",
    )

    rate = shared_fields.rate("probability of dropping the branch during training", aliases=("drop_prob",))
    mode = declare.choice(
        "whether the whole batch is dropped together or each sample separately; without effect here", ("row", "batch"),
        default="row",
    )  # fmt: skip

    def kept(self, x: Shape, y: Shape) -> Keeps:
        return keeping.mask(self.rate, 1)
