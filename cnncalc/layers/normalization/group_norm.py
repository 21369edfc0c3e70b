from __future__ import annotations

from collections.abc import Iterator
from math import isqrt, prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping, shared_fields
from cnncalc.layers.base import Array, Sight, Weight
from cnncalc.layers.keeping import Keeps
from cnncalc.layers.normalization._normalization import (
    Normalization,
    others,
    rescaled,
    standardized,
)

_OF_32 = ("formula", "keras", "tensorflow")
"""Conventions with a default of 32 groups, as in the paper, where −1 means one group per channel."""


_MOST_DIVIDED = 1_000_000
"""The largest number of channels whose divisors are listed."""


def _divisors(channels: int) -> str:
    """A hint with the divisors; empty if there are many, or if listing them takes long."""
    if channels > _MOST_DIVIDED:
        return ""
    small = [part for part in range(1, isqrt(channels) + 1) if channels % part == 0]
    divisors = sorted({*small, *(channels // part for part in small)})
    return f"{channels} is divided by {', '.join(map(str, divisors))}" if len(divisors) < 20 else ""


class GroupNorm(Normalization):
    """Group normalization: each group of channels of a sample is centred and divided by its standard deviation.

    The statistics of a group cover all positions of its channels. There is one scale and one shift per channel.

    FLOPs: five per element (an addition for the mean, the centring, a square and an addition for the variance, a
    division), and one each for scale and shift.
    """

    type = "group_norm"
    aliases = ("GroupNormalization",)
    rule = "group_norm: (x − mean)/√(variance + epsilon)·scale + shift, the statistics of each group of channels"
    sources = (
        "Wu & He, Group Normalization, arXiv 1803.08494",
        "Keras, keras.layers.GroupNormalization",
        "PyTorch, torch.nn.GroupNorm",
        "ONNX operators, GroupNormalization",
    )
    examples = ("5x7x12 -> group_norm 4", "5x7x64 -> group_norm", "5x7x12 -> group_norm 3 shift=false")

    groups = declare.count(
        "the number of groups; -1 for one group per channel, as in Keras", minimum=-1, default=None,
        positional=True, aliases=("num_groups",), default_text="32; required under pytorch, onnx and caffe",
    )  # fmt: skip
    scale = shared_fields.scale()
    shift = shared_fields.shift()
    affine = shared_fields.affine()
    axis = declare.axis("the axis whose positions are grouped")

    def shape(self, x: Shape) -> Shape:
        groups, channels = self.number(), x[self.axis_index(self.axis, x)]
        if int(channels) % groups:  # nothing remains for −1
            raise Refusal(
                f"{int(channels)} channels cannot be divided into {int(groups)} groups of equal size",
                hint=_divisors(int(channels)),
                field="groups",
                code="E305",
            )
        return super().shape(x)

    def number(self) -> int:
        """The number of groups, or −1 for one per channel. Raises Refusal if the framework does not allow it."""
        has_default = self.setting.convention.name in _OF_32
        if self.groups is None and not has_default:
            raise Refusal("the number of groups is missing", hint="give groups: 32", field="groups", code="E304")
        if self.groups == 0 or (self.groups == -1 and not has_default):
            raise Refusal(
                f"{self.groups} groups: at least 1 is needed",
                hint="instance_norm has one group per channel",
                field="groups",
                code="E204",
            )
        return 32 if self.groups is None else self.groups

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        place = self.axis_index(self.axis, x)
        for name in self.parts():
            yield Weight(name, (x[place],), others(x, (place,)))

    def elementwise(self, x: Shape, y: Shape) -> int:
        return (5 + len(self.parts())) * prod(y)

    def kept(self, x: Shape, y: Shape) -> Keeps:
        groups = self.number()
        groups = x[self.axis_index(self.axis, x)] if groups == -1 else groups
        return Keeps("all", arrays=keeping.statistics(groups, "mean", "1/deviation"))

    def windows(self, x: Shape) -> Sight:
        return self.sight(x, tuple(range(len(x))))

    def forward(
        self, np: ModuleType, x: Array, *, scale: Array | None = None, shift: Array | None = None
    ) -> Array:  # fmt: skip
        place, groups = self.axis_index(self.axis, x.shape[1:]), self.number()
        channels_first = np.moveaxis(x, 1 + place, 1)
        parted = channels_first.reshape(len(x), channels_first.shape[1] if groups == -1 else groups, -1)
        y = standardized(np, parted, (2,), self.added()).reshape(channels_first.shape)
        return rescaled(np.moveaxis(y, 1, 1 + place), (place,), scale, shift)
