"""The bases of layers that move channels into blocks of positions, and back."""

from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic import taps
from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.term import exact_div
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.kernels.arrays import as_laid_out, channels_last
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Reach


class Blocks(Layer):
    """Swaps channels and positions of blocks; no value changes."""

    family = "resizing"
    order = "crd"
    keeps = keeping.NOTHING

    factor = declare.count(
        "size of the block along each axis", positional=True, symbol="f",
        aliases=("upscale_factor", "downscale_factor", "block_size", "blocksize", "scale", "scale_factor"),
    )  # fmt: skip

    def require_image(self, x: Shape) -> None:
        """Reject an input without spatial axes; under a framework's convention, also one that is not an image."""
        self.require_spatial(x)
        if len(x) != 3 and self.setting.convention.name != "formula":
            raise Refusal(
                f"{self.setting.convention.title}'s {self.type} needs 2 spatial axes, the input has {len(x) - 1}",
                hint="write it as a reshape, a permute and a reshape",
                code="E303",
            )


class IntoSpace(Blocks):
    """Channels become blocks of positions."""

    rule = "channels into space: O = W·f along each spatial axis, Cₒ = Cᵢ/f² for two of them"

    def shape(self, x: Shape) -> Shape:
        self.require_image(x)
        block = prod([self.factor] * (len(x) - 1))
        if self.channels(x) % block:
            raise Refusal(
                f"{int(self.channels(x))} channels are not divisible by blocks of {int(block)} positions: "
                f"remainder {int(self.channels(x)) % int(block)}",
                hint=f"{int(self.factor)} along each axis needs a multiple of {int(block)} channels",
                field="factor",
                code="E305",
            )
        return self.volume(tuple(W * self.factor for W in self.spatial(x)), exact_div(self.channels(x), block))

    def windows(self, x: Shape) -> tuple[AxisWindow, ...]:
        """An output reads the one position that its block comes from."""
        return tuple(AxisWindow(1, 1, 0, 0, W * self.factor, self.factor) for W in self.spatial(x))

    def reach(self, x: Shape) -> Reach:
        return taps.patterns(taps.repeated(self.factor) for _ in self.spatial(x))

    def forward(self, np: ModuleType, x: Array) -> Array:
        x = channels_last(np, x, self.setting)
        batch, *sizes, channels = x.shape
        rank, r = len(sizes), self.factor
        block, depth = [r] * rank, channels // r**rank
        x = x.reshape(batch, *sizes, *((*block, depth) if self.order == "dcr" else (depth, *block)))
        first = 1 + rank + (self.order == "crd")
        last = x.ndim - 1 if self.order == "dcr" else 1 + rank
        x = x.transpose(0, *[axis for place in range(rank) for axis in (1 + place, first + place)], last)
        return as_laid_out(np, x.reshape(batch, *[size * r for size in sizes], depth), self.setting)


class IntoChannels(Blocks):
    """Blocks of positions become channels."""

    rule = "space into channels: O = W/f along each spatial axis, Cₒ = Cᵢ·f² for two of them"

    def shape(self, x: Shape) -> Shape:
        self.require_image(x)
        for W in self.spatial(x):
            if W % self.factor:
                raise Refusal(
                    f"an axis of {int(W)} is not divisible by blocks of {int(self.factor)}: "
                    f"remainder {int(W) % int(self.factor)}",
                    hint="crop or pad it first",
                    field="factor",
                    code="E305",
                )
        channels = self.channels(x) * prod([self.factor] * (len(x) - 1))
        return self.volume(tuple(exact_div(W, self.factor) for W in self.spatial(x)), channels)

    def windows(self, x: Shape) -> tuple[AxisWindow, ...]:
        """An output reads its block."""
        return tuple(AxisWindow(self.factor, self.factor, 0, 0, W // self.factor) for W in self.spatial(x))

    def forward(self, np: ModuleType, x: Array) -> Array:
        x = channels_last(np, x, self.setting)
        batch, *sizes, depth = x.shape
        rank, r = len(sizes), self.factor
        x = x.reshape(batch, *[part for size in sizes for part in (size // r, r)], depth)
        outer, inner, last = range(1, 2 * rank, 2), range(2, 2 * rank + 1, 2), 2 * rank + 1
        x = x.transpose(0, *outer, *((*inner, last) if self.order == "dcr" else (last, *inner)))
        return as_laid_out(np, x.reshape(batch, *[size // r for size in sizes], -1), self.setting)
