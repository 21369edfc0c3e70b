from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Weight
from cnncalc.layers.declare import Numbers
from cnncalc.layers.normalization._axis_numbers import along, check_length
from cnncalc.layers.normalization._normalization import broadcastable, others
from cnncalc.layers.normalization._normalized_axes import normalized_axes

_LEAST_DEVIATION = 1e-7
"""Keras's `backend.epsilon()`."""


class Standardization(Layer):
    """Standardizes features: each minus a fixed mean, divided by a fixed standard deviation.

    Keras calls it Normalization. Mean and variance are given, or computed from the data beforehand; then they are
    statistics, together with a count of the data, and Keras prints them as non-trainable parameters.

    FLOPs: two per element, a subtraction and a division.
    """

    type = "standardization"
    aliases = ("Normalization",)
    family = "normalization"
    rule = "standardization: (x − mean)/√variance, the shape is unchanged"
    sources = ("Keras, keras.layers.Normalization",)
    examples = ("5x7x3 -> standardization", "13 -> standardization mean=2 variance=4")

    axis = declare.optional_per_axis(
        "the axis or axes with a mean and variance per position, counted from 1 without the batch",
        minimum=-4,
        default_text="the last",
    )
    mean: Numbers | None = declare.numbers(
        "the mean: a number, or a list along the axis", default=None, default_text="found"
    )
    variance: Numbers | None = declare.numbers(
        "the variance: a number, or a list along the axis", default=None, default_text="found"
    )
    invert = declare.flag("whether to invert the standardization: x·√variance + mean", default=False)
    keeps = keeping.NOTHING

    def shape(self, x: Shape) -> Shape:
        if (self.mean is None) != (self.variance is None):
            missing = "mean" if self.mean is None else "variance"
            raise Refusal(f"the {missing} is missing", hint="give both, or neither", field=missing, code="E204")
        last = self._places(x)[-1]
        check_length(self.mean, x, last, "mean")
        check_length(self.variance, x, last, "variance")
        return x

    def _places(self, x: Shape) -> tuple[int, ...]:
        return normalized_axes(self, -1 if self.axis is None else self.axis, x)

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        if self.mean is None:
            kept = self._places(x)
            for name in ("mean", "variance"):
                yield Weight(name, tuple(x[place] for place in kept), others(x, kept), statistic=True)
            yield Weight("count", (), statistic=True)

    def runs_in_place(self) -> bool:
        return True

    def elementwise(self, x: Shape, y: Shape) -> int:
        return 2 * prod(y)

    def forward(
        self, np: ModuleType, x: Array, *, mean: Array | None = None, variance: Array | None = None,
        count: Array | None = None,
    ) -> Array:  # fmt: skip
        kept = self._places(x.shape[1:])
        if self.mean is not None and self.variance is not None:
            centre, spread = along(np, self.mean, x, kept[-1]), along(np, self.variance, x, kept[-1])
        else:
            centre, spread = broadcastable(mean, x, kept), broadcastable(variance, x, kept)
        deviation = np.maximum(np.sqrt(spread), np.float32(_LEAST_DEVIATION))
        return x * deviation + centre if self.invert else (x - centre) / deviation
