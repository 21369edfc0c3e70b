from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Sight, Weight


class Opaque(Layer):
    """An operation unknown to cnncalc, with the output, parameters and MACs that the spec declares.

    It cannot be verified: the forward pass uses zeros of the declared shape instead, so that the layers after it still
    run. The receptive field is undefined from there on. FLOPs: two per declared multiply–accumulate. Use `custom` for a
    layer whose numbers depend on its input.
    """

    type = "opaque"
    aliases = ("black_box",)
    family = "other"
    least_axes = 0
    rule = "opaque: as declared"
    sources = ("the spec itself",)
    examples = ("224x224x3 -> opaque 100x4 params=5000",)
    inputs = (1, None)
    witnessed = False

    output = declare.dimensions("output shape, without the batch axis", aliases=("output_shape",), scalar=True)
    params = declare.count("number of learned parameters", minimum=0, default=0, symbol="params")
    macs_ = declare.count("multiply–accumulates of one sample", minimum=0, default=0, symbol="MACs")
    keeps = keeping.ASSUMED

    def shape(self, *inputs: Shape) -> Shape:
        return self.output

    def weights(self, *shapes: Shape) -> Iterator[Weight]:
        if self.params:
            yield Weight("parameters", (self.params,))

    def macs(self, *shapes: Shape) -> int:
        return self.macs_

    def windows(self, *inputs: Shape) -> Sight:
        return ()

    def forward(self, np: ModuleType, *arrays: Array, **weights: Any) -> Array:
        return np.zeros((len(arrays[0]), *self.output), dtype=arrays[0].dtype)
