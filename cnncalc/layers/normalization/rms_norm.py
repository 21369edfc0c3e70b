from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Weight, show_shape
from cnncalc.layers.keeping import Keeps, KeptArray
from cnncalc.layers.normalization._normalization import others, rescaled
from cnncalc.layers.normalization._normalized_axes import show_axes
from cnncalc.layers.normalization._trailing import TrailingNormalization


class RmsNorm(TrailingNormalization):
    """Root mean square normalization: the features of a position divided by their root mean square, and scaled.

    It is layer normalization without centring and shift. It normalizes along the last axis in every layout, or along
    given axes.

    FLOPs: three per element (a square, an addition for the mean, a division), and one for the scale.
    """

    type = "rms_norm"
    aliases = ("RMSNormalization", "SimplifiedLayerNormalization")
    rule = "rms_norm: x/√(mean of x² + epsilon)·scale, the mean along the last axis"
    sources = (
        "Zhang & Sennrich, Root Mean Square Layer Normalization, arXiv 1910.07467",
        "Keras, keras.layers.RMSNormalization",
        "PyTorch, torch.nn.RMSNorm",
        "ONNX operators, RMSNormalization",
    )
    examples = ("11x48 -> rms_norm", "5x7x13 -> rms_norm scale=false", "5x7x13 -> rms_norm 7x13")
    epsilons: ClassVar[dict[str, float]] = {"keras": 1e-6, "tensorflow": 1e-6, "pytorch": 2.0**-23}
    onnx_always_has = ("scale",)

    scale = declare.flag(
        "whether each position along the axes has a learned scale", default=True,
        aliases=("gamma", "affine", "elementwise_affine"),
    )  # fmt: skip
    epsilon = declare.optional_number(
        "epsilon added to the mean square", minimum=0.0, aliases=("eps",),
        default_text="0.000001 under keras and tensorflow, 2^-23 under pytorch (float32's epsilon), else 0.00001",
    )  # fmt: skip

    def features_last(self) -> bool:
        return True

    def shape(self, x: Shape) -> Shape:
        places = self.places(x)
        if self.setting.convention.name in ("keras", "tensorflow") and places[0] + len(places) != len(x):
            raise Refusal(
                f"axis {show_axes(self.axis or -1)} of {show_shape(x)}: Keras aligns the scale with the last axes",
                hint="permute first, or use layer_norm",
                field="axis",
                code="E304",
            )
        return super().shape(x)

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        places = self.places(x)
        for name in self.parts():
            yield Weight(name, tuple(x[place] for place in places), others(x, places))

    def elementwise(self, x: Shape, y: Shape) -> int:
        return (3 + len(self.parts())) * prod(y)

    def kept(self, x: Shape, y: Shape) -> Keeps:
        """With a scale also the normalized features, for its gradient."""
        positions = prod(others(x, self.places(x)))
        normalized = (KeptArray("normalized", prod(x)),) if self.parts() else ()
        return Keeps("all", arrays=(*keeping.statistics(positions, "1/root mean square"), *normalized))

    def forward(self, np: ModuleType, x: Array, *, scale: Array | None = None) -> Array:
        places = self.places(x.shape[1:])
        axes = tuple(1 + place for place in places)
        return rescaled(x / np.sqrt((x * x).mean(axis=axes, keepdims=True) + self.added()), places, scale, None)
