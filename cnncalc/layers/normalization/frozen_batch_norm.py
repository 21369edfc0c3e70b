from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers.base import Array, Weight
from cnncalc.layers.keeping import Keeps, KeptArray
from cnncalc.layers.normalization._normalization import Normalization, scaled_along


class FrozenBatchNorm(Normalization):
    """Batch normalization that is not trained, as in published detection models.

    Scale, shift, mean and variance are four buffers per channel; there are no parameters. (The equivalent in Keras is
    `batch_norm` with `trainable: false`, which has four non-trainable parameters per channel.)

    FLOPs: two per element, one multiplication and one addition.
    """

    type = "frozen_batch_norm"
    aliases = ("FrozenBatchNormalization", "FrozenBatchNormAct")
    rule = "frozen_batch_norm: (x − mean)/√(variance + epsilon)·scale + shift\nfour buffers per channel"
    sources = ("torchvision, torchvision.ops.FrozenBatchNorm2d", "He et al., Mask R-CNN, arXiv 1703.06870")
    examples = ("32x32x16 -> frozen_batch_norm", "32x32x3 -> conv 64 7x7 s2 p3 bias=false -> frozen_batch_norm -> relu")
    spatial_suffix = True

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        for name in ("scale", "shift", "mean", "variance"):
            yield Weight(name, (self.channels(x),), self.spatial(x), statistic=True)

    def runs_in_place(self) -> bool:
        return True

    def elementwise(self, x: Shape, y: Shape) -> int:
        return 2 * prod(y)

    def kept(self, x: Shape, y: Shape) -> Keeps:
        return Keeps(arrays=(KeptArray("scale", self.channels(x), shared=True),))

    def forward(
        self, np: ModuleType, x: Array, *, scale: Array, shift: Array, mean: Array, variance: Array
    ) -> Array:  # fmt: skip
        factor = scale / np.sqrt(variance + self.added())
        place = self.axis_index("channels", x.shape[1:])
        return scaled_along(np, x, place, factor, shift - mean * factor)
