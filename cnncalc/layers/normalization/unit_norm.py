from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Sight
from cnncalc.layers.keeping import Keeps, KeptArray
from cnncalc.layers.normalization._normalization import Normalization
from cnncalc.layers.normalization._normalized_axes import normalized_axes


class UnitNorm(Normalization):
    """Divides the vectors along an axis by their norm, so that their length is 1.

    Nothing is learned. The default axis of PyTorch's `normalize` is the channels; in other frameworks it is the last
    axis.

    FLOPs: three per element: a square (or another power), an addition, a division.
    """

    type = "unit_norm"
    aliases = ("UnitNormalization", "LpNormalization", "normalize", "l2_normalize", "L2Normalization", "L2Norm")
    rule = "unit_norm: x/max(norm, epsilon), the norm along an axis"
    sources = (
        "Keras, keras.layers.UnitNormalization",
        "PyTorch, torch.nn.functional.normalize",
        "ONNX operators, LpNormalization",
    )
    examples = ("48 -> unit_norm", "5x7x13 -> unit_norm axis=[1, 2]", "5x7x13 -> unit_norm order=1")

    axis = declare.optional_per_axis(
        "the axis or axes along which the norm is computed, counted from 1 without the batch", aliases=("dim",),
        minimum=-4, default_text="the channels under pytorch and caffe, else the last",
    )  # fmt: skip
    order = declare.number(
        "the exponent of the norm: 2 for the length", default=2.0, minimum=1.0, aliases=("p", "norm"), default_text="2"
    )
    epsilon = declare.number("minimum norm for the division", default=1e-12, minimum=0.0, aliases=("eps",))

    def shape(self, x: Shape) -> Shape:
        self._places(x)
        return x

    def _places(self, x: Shape) -> tuple[int, ...]:
        if self.axis is not None:
            return normalized_axes(self, self.axis, x)
        of_channels = self.setting.convention.name in ("pytorch", "caffe")
        return (self.axis_index("channels" if of_channels else -1, x),)

    def elementwise(self, x: Shape, y: Shape) -> int:
        return 3 * prod(y)

    def kept(self, x: Shape, y: Shape) -> Keeps:
        positions = prod(size for place, size in enumerate(x) if place not in self._places(x))
        return Keeps("all", arrays=(KeptArray("norm", positions), KeptArray("divisor", positions)))

    def windows(self, x: Shape) -> Sight:
        return self.sight(x, self._places(x))

    def forward(self, np: ModuleType, x: Array) -> Array:
        axes = tuple(1 + place for place in self._places(x.shape[1:]))
        if self.order == 2:
            norm = np.sqrt((x * x).sum(axis=axes, keepdims=True))
        else:
            norm = (np.abs(x) ** self.order).sum(axis=axes, keepdims=True) ** (1 / self.order)
        return x / np.maximum(norm, self.epsilon)
