from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import keeping, shared_fields
from cnncalc.layers.base import Array, Weight
from cnncalc.layers.keeping import Keeps
from cnncalc.layers.normalization._normalization import (
    others,
    rescaled,
    standardized,
)
from cnncalc.layers.normalization._trailing import TrailingNormalization


class LayerNorm(TrailingNormalization):
    """Layer normalization: the features of every position are centred and divided by their standard deviation.

    It normalizes along the last axis in every layout, or along given axes, which are also the axes of scale and shift;
    the other axes share them. Under a channels-first convention the last axis of an image is its width: `permute`
    first, as ConvNeXt does.

    FLOPs: five per element (an addition for the mean, the centring, a square and an addition for the variance, a
    division), and one each for scale and shift.
    """

    type = "layer_norm"
    aliases = ("LayerNormalization",)
    rule = "layer_norm: (x − mean)/√(variance + epsilon)·scale + shift, the statistics along the last axis"
    sources = (
        "Ba, Kiros & Hinton, Layer Normalization, arXiv 1607.06450",
        "Keras, keras.layers.LayerNormalization",
        "PyTorch, torch.nn.LayerNorm",
        "ONNX operators, LayerNormalization",
    )
    examples = ("5x7x13 -> layer_norm", "11x48 -> layer_norm 48", "5x7x13 -> layer_norm axis=[1, 2] shift=false")
    onnx_always_has = ("scale",)

    scale = shared_fields.scale("each position along the axes")
    shift = shared_fields.shift("each position along the axes")
    affine = shared_fields.affine(aliases=("elementwise_affine",))

    def features_last(self) -> bool:
        return True

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        places = self.places(x)
        for name in self.parts():
            yield Weight(name, tuple(x[place] for place in places), others(x, places))

    def elementwise(self, x: Shape, y: Shape) -> int:
        return (5 + len(self.parts())) * prod(y)

    def kept(self, x: Shape, y: Shape) -> Keeps:
        positions = prod(others(x, self.places(x)))
        return Keeps("all", arrays=keeping.statistics(positions, "mean", "1/deviation"))

    def forward(
        self, np: ModuleType, x: Array, *, scale: Array | None = None, shift: Array | None = None
    ) -> Array:  # fmt: skip
        places = self.places(x.shape[1:])
        y = standardized(np, x, tuple(1 + place for place in places), self.added())
        return rescaled(y, places, scale, shift)
