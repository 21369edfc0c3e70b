from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare, keeping, shared_fields
from cnncalc.layers.base import Array, Sight, Weight
from cnncalc.layers.keeping import Keeps
from cnncalc.layers.normalization._normalization import (
    Normalization,
    others,
    rescaled,
    scaled_along,
    standardized,
)


class BatchNorm(Normalization):
    """Batch normalization: every channel is centred, divided by its standard deviation, scaled and shifted.

    Scale and shift are learned. The moving mean and variance are statistics, which Keras prints as non-trainable
    parameters and PyTorch holds as buffers. The forward pass runs in inference mode, with the moving statistics; a
    layer that does not track them uses those of its batch.

    FLOPs: two per element, because at inference mean, standard deviation, scale and shift combine into one
    multiplication and one addition. Without moving statistics five (an addition for the mean, the centring, a square
    and an addition for the variance, a division), and one each for scale and shift.
    """

    type = "batch_norm"
    aliases = (
        "BatchNormalization", "BatchNorm1d", "bn", "SyncBatchNorm", "LazyBatchNorm", "LazyBatchNorm1d",
        "SyncBatchNormalization",
    )  # fmt: skip
    rule = "batch_norm: (x − mean)/√(variance + epsilon)·scale + shift\nfour numbers per channel"
    sources = (
        "Ioffe & Szegedy, Batch Normalization, arXiv 1502.03167",
        "Keras, keras.layers.BatchNormalization",
        "PyTorch, torch.nn.BatchNorm2d",
        "ONNX operators, BatchNormalization",
    )
    examples = ("32x32x16 -> batch_norm", "32x32x3 -> conv 16 3x3 bias=false -> batch_norm -> relu")
    spatial_suffix = True

    scale = shared_fields.scale()
    shift = shared_fields.shift()
    affine = shared_fields.affine()
    axis = declare.axis("the axis with statistics, scale and shift per position")
    track_running_stats = declare.flag(
        "whether moving statistics are kept; without them inference uses the batch's statistics", default=True
    )
    renorm = declare.flag("batch renormalization: three more statistics per channel, as in Keras", default=False)
    momentum = declare.optional_number(
        "momentum of the moving statistics; without effect here", minimum=0.0, default_text="the framework's default"
    )

    def shape(self, x: Shape) -> Shape:
        self.axis_index(self.axis, x)
        return super().shape(x)

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        place = self.axis_index(self.axis, x)
        per_channel, shared_by = (x[place],), others(x, (place,))
        for name in self.parts():
            yield Weight(name, per_channel, shared_by)
        statistics = ("mean", "variance") if self.track_running_stats else ()
        renormalizing = ("deviation", "renorm_mean", "renorm_deviation") if self.renorm else ()
        for name in statistics + renormalizing:
            yield Weight(name, per_channel, shared_by, statistic=True)

    def runs_in_place(self) -> bool:
        return self.track_running_stats

    def elementwise(self, x: Shape, y: Shape) -> int:
        return (2 if self.track_running_stats else 5 + len(self.parts())) * prod(y)

    def kept(self, x: Shape, y: Shape) -> Keeps:
        channels = x[self.axis_index(self.axis, x)]
        return Keeps("all", arrays=keeping.statistics(channels, "mean", "1/deviation", shared=True))

    def windows(self, x: Shape) -> Sight:
        if self.track_running_stats:
            return "pointwise"
        place = self.axis_index(self.axis, x)
        return self.sight(x, tuple(other for other in range(len(x)) if other != place))

    def forward(
        self, np: ModuleType, x: Array, *, mean: Array | None = None, variance: Array | None = None,
        scale: Array | None = None, shift: Array | None = None, **renorm: Array,
    ) -> Array:  # fmt: skip
        place = self.axis_index(self.axis, x.shape[1:])
        if mean is None or variance is None:
            reduced = tuple(axis for axis in range(x.ndim) if axis != 1 + place)
            return rescaled(standardized(np, x, reduced, self.added()), (place,), scale, shift)
        factor = 1 / np.sqrt(variance + self.added())
        factor = factor if scale is None else factor * scale
        offset = -mean * factor if shift is None else shift - mean * factor
        return scaled_along(np, x, place, factor, offset)
