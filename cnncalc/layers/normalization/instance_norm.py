from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping, shared_fields
from cnncalc.layers.base import Array, Sight, Weight, show_shape
from cnncalc.layers.keeping import Keeps
from cnncalc.layers.normalization._normalization import (
    Normalization,
    broadcastable,
    rescaled,
    standardized,
)

_AS_AFFINE = "the value of affine"


class InstanceNorm(Normalization):
    """Instance normalization: each channel of each sample is centred and divided by its standard deviation.

    PyTorch has a learned scale and shift only if `affine` is set; in the other conventions they are on by default. With
    `track_running_stats` inference uses moving statistics instead of the sample's.

    FLOPs: five per element (an addition for the mean, the centring, a square and an addition for the variance, a
    division), and one each for scale and shift. Two per element with moving statistics, which combine into one
    multiplication and one addition.
    """

    type = "instance_norm"
    aliases = ("InstanceNormalization", "LazyInstanceNorm")
    rule = "instance_norm: (x − mean)/√(variance + epsilon)·scale + shift, the statistics of each sample's channel"
    sources = (
        "Ulyanov, Vedaldi & Lempitsky, Instance Normalization, arXiv 1607.08022",
        "PyTorch, torch.nn.InstanceNorm2d",
        "ONNX operators, InstanceNormalization",
        "TensorFlow Addons, tfa.layers.InstanceNormalization",
    )
    examples = ("5x7x13 -> instance_norm", "5x7x13 -> instance_norm affine=false", "11x13 -> instance_norm")
    spatial_suffix = True

    scale = shared_fields.scale(default=None, default_text=_AS_AFFINE)
    shift = shared_fields.shift(default=None, default_text=_AS_AFFINE)
    affine = shared_fields.affine(default=None, default_text="false under pytorch, else true")
    track_running_stats = declare.flag("whether moving statistics are kept and used at inference", default=False)
    momentum = declare.optional_number(
        "momentum of the moving statistics; without effect here", minimum=0.0, default_text="the framework's default"
    )

    def affine_unless_said(self) -> bool:
        return self.setting.convention.name != "pytorch"

    def shape(self, x: Shape) -> Shape:
        self.require_spatial(x)
        pytorch = self.setting.convention.name == "pytorch"
        if pytorch and not self.track_running_stats and prod(self.spatial(x)) == 1:
            raise Refusal(
                f"each channel of {show_shape(x)} is a single number, which centring always makes 0",
                hint="PyTorch needs more than one spatial element; layer_norm normalizes over the channels",
                code="E304",
            )
        return super().shape(x)

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        per_channel, shared_by = (self.channels(x),), self.spatial(x)
        for name in self.parts():
            yield Weight(name, per_channel, shared_by)
        for name in ("mean", "variance") if self.track_running_stats else ():
            yield Weight(name, per_channel, shared_by, statistic=True)

    def elementwise(self, x: Shape, y: Shape) -> int:
        return (2 if self.track_running_stats else 5 + len(self.parts())) * prod(y)

    def kept(self, x: Shape, y: Shape) -> Keeps:
        """PyTorch repeats the scale for every sample."""
        repeated = ("repeated scale",) if "scale" in self.parts() else ()
        return Keeps("all", arrays=keeping.statistics(self.channels(x), "mean", "1/deviation", *repeated))

    def windows(self, x: Shape) -> Sight:
        return "pointwise" if self.track_running_stats else "whole"

    def forward(
        self, np: ModuleType, x: Array, *, mean: Array | None = None, variance: Array | None = None,
        scale: Array | None = None, shift: Array | None = None,
    ) -> Array:  # fmt: skip
        place = self.axis_index("channels", x.shape[1:])
        if mean is None or variance is None:
            reduced = tuple(axis for axis in range(1, x.ndim) if axis != 1 + place)
            y = standardized(np, x, reduced, self.added())
        else:
            y = (x - broadcastable(mean, x, (place,))) * broadcastable(
                1 / np.sqrt(variance + self.added()), x, (place,)
            )
        return rescaled(y, (place,), scale, shift)
