from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.kernels.arrays import as_laid_out, channels_last
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer


class ChannelShuffle(Layer):
    """Interleaves the channels of groups, so that each group of the next layer gets channels of every group.

    With C channels in g groups, channel i·C/g + j becomes j·g + i. FLOPs: none.
    """

    type = "channel_shuffle"
    aliases = ("shuffle_channel",)
    family = "reshaping"
    rule = "channel_shuffle: the shape is unchanged"
    sources = (
        "Zhang et al., ShuffleNet: An Extremely Efficient CNN for Mobile Devices, arXiv 1707.01083",
        "PyTorch, torch.nn.ChannelShuffle",
    )
    examples = ("28x28x240 -> channel_shuffle 3", "7x7x12 -> channel_shuffle groups=4")

    groups = declare.count("number of channel groups", positional=True, short="g", aliases=("group",))
    keeps = keeping.NOTHING

    def shape(self, x: Shape) -> Shape:
        self.require_spatial(x)
        if self.channels(x) % self.groups:
            raise Refusal(
                f"{int(self.channels(x))} channels cannot be divided into {int(self.groups)} groups: "
                f"remainder {int(self.channels(x)) % int(self.groups)}",
                field="groups",
                code="E305",
            )
        return x

    def forward(self, np: ModuleType, x: Array) -> Array:
        last = channels_last(np, x, self.setting)
        grouped = last.reshape(*last.shape[:-1], self.groups, -1)
        return as_laid_out(np, grouped.swapaxes(-1, -2).reshape(last.shape), self.setting)
