"""The `batch_norm` layer type."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Layer, Weight

_WIDE_EPSILON = ("keras", "tensorflow")


class BatchNorm(Layer):
    """Batch normalization: every channel is centred, divided by its deviation, scaled and shifted.

    Scale and shift are learned. The moving mean and variance are statistics, which Keras prints as non-trainable
    parameters and PyTorch holds as buffers. The forward pass is that of inference, with the moving statistics.

    FLOPs: two per element, because at inference mean, deviation, scale and shift fold into one multiplication and
    one addition.
    """

    type = "batch_norm"
    aliases = ("BatchNormalization", "BatchNorm1d", "bn")
    family = "normalization"
    rule = "batch_norm: (x − mean)/√(variance + epsilon)·scale + shift, four numbers a channel"
    sources = (
        "Ioffe & Szegedy, Batch Normalization, arXiv 1502.03167",
        "Keras, keras.layers.BatchNormalization",
        "PyTorch, torch.nn.BatchNorm2d",
    )
    examples = ("32x32x16 -> batch_norm", "32x32x3 -> conv 16 3x3 bias=false -> batch_norm -> relu")
    spatial_suffix = True

    scale = declare.flag("whether each channel has a learned scale", default=True, aliases=("gamma",))
    shift = declare.flag("whether each channel has a learned shift", default=True, aliases=("beta", "center", "bias"))
    affine = declare.flag("false switches scale and shift off together", default=True)
    epsilon = declare.optional_number(
        "what is added to the variance", minimum=0.0, aliases=("eps",),
        default_text="0.001 under keras and tensorflow, else 0.00001",
    )  # fmt: skip
    momentum = declare.optional_number(
        "how fast the moving statistics follow; without effect here", minimum=0.0, default_text="the framework's"
    )

    def shape(self, x: Shape) -> Shape:
        return x

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        per_channel, shared_by = (self.channels(x),), self.spatial(x)
        if self.affine and self.scale:
            yield Weight("scale", per_channel, shared_by)
        if self.affine and self.shift:
            yield Weight("shift", per_channel, shared_by)
        yield Weight("mean", per_channel, shared_by, statistic=True)
        yield Weight("variance", per_channel, shared_by, statistic=True)

    def elementwise(self, x: Shape, y: Shape) -> int:
        return 2 * prod(y)

    def forward(
        self, np: ModuleType, x: Array, *, mean: Array, variance: Array, scale: Array | None = None,
        shift: Array | None = None,
    ) -> Array:  # fmt: skip
        epsilon = self.epsilon
        if epsilon is None:
            epsilon = 1e-3 if self.setting.convention.name in _WIDE_EPSILON else 1e-5
        factor = 1 / np.sqrt(variance + epsilon)
        y = (x - self.along_channels(mean, x)) * self.along_channels(factor if scale is None else factor * scale, x)
        return y if shift is None else y + self.along_channels(shift, x)
