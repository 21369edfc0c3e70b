"""The `dense` layer type."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod
from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.taps import throughout
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Layer, Reach, Sight, Weight
from cnncalc.layers.working import Place, Seen, number


class Dense(Layer):
    """Fully connected layer: every unit is a weighted sum of all inputs, and a bias.

    Its action on more than one axis depends on the convention. It connects to the whole input (formula, onnx, caffe),
    or acts on the last axis with weights that the other positions share (keras, tensorflow, pytorch). PyTorch's last
    axis is the width of an image with channels first: put `flatten` or `permute` before it.

    FLOPs: two per multiply–accumulate and one per output for the bias.
    """

    type = "dense"
    role = "dense"
    aliases = ("fc", "linear", "Gemm", "fully_connected", "InnerProduct", "affine")
    family = "dense"
    rule = "dense: O = units, with (n + b)·units parameters; n the inputs that each unit sees, b = 1 with a bias"
    sources = ("Keras, keras.layers.Dense", "PyTorch, torch.nn.Linear", "ONNX operators, Gemm", "Caffe, InnerProduct")
    examples = ("784 -> dense 10", "28x28x1 -> flatten -> dense 128 relu -> dense 10 softmax")
    shows_working = True
    states: ClassVar[dict[str, str]] = {"in_features": "numbers", "input_dim": "numbers"}
    without_effect: ClassVar[tuple[str, ...]] = ("lora_alpha", "axis", "alpha", "beta", "transA", "transB", "transpose")
    refused: ClassVar[dict[str, str]] = {"lora_rank": "the low-rank matrices that it adds are not counted"}

    units = declare.count(
        "number of outputs", positional=True, symbol="units", aliases=("out_features", "num_output", "neurons")
    )
    bias = declare.flag("whether each unit adds a bias", default=True, aliases=("use_bias", "bias_term"))

    def arriving(self, size: str, *inputs: Shape) -> int:
        self.shape(*inputs)
        return prod(inputs[0]) if self._reads_volume() else inputs[0][-1]

    def features_last(self) -> bool:
        return not self._reads_volume()

    def _reads_volume(self) -> bool:
        return self.setting.convention.dense_on_volume == "volume"

    def shape(self, x: Shape) -> Shape:
        return (self.units,) if self._reads_volume() else (*x[:-1], self.units)

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        shared_by = y[:-1]
        yield Weight("kernel", (prod(x) if self._reads_volume() else x[-1], self.units), positions=shared_by)
        if self.bias:
            yield Weight("bias", (self.units,), positions=shared_by)

    def macs(self, x: Shape, y: Shape) -> int:
        return prod(y) * (prod(x) if self._reads_volume() else x[-1])

    def elementwise(self, x: Shape, y: Shape) -> int:
        return prod(y) if self.bias else 0

    def windows(self, x: Shape) -> Sight:
        if len(x) == 1 or (self.setting.layout == "HWC" and not self._reads_volume()):
            return "pointwise"
        if not self._reads_volume() and len(x) > 2:
            return ()  # the last axis is one of several spatial ones
        return "whole"

    def reach(self, x: Shape) -> Reach:
        """A volume, or the last axis from end to end, which is a spatial one where channels come first."""
        return super().reach(x) if self._reads_volume() else self.placed(x, len(x) - 1, throughout(x[-1]))

    def forward(self, np: ModuleType, x: Array, *, kernel: Array, bias: Array | None = None) -> Array:
        y = (x.reshape(len(x), -1) if self._reads_volume() else x) @ kernel
        return y if bias is None else y + bias

    def taps(self, position: Place, x: Shape) -> Iterator[tuple[Place, Place | None]]:
        """Every number that a unit is connected to: of the whole volume in its own order, or of the last axis."""
        if not self._reads_volume():
            return (((index,), (*position, index)) for index in range(x[-1]))
        places = product(*map(range, x))
        first = self.setting.layout == "CHW"
        return (((index,), (*place[1:], place[0]) if first else place) for index, place in enumerate(places))

    def working(self, seen: Seen, channel: int, **weights: Array) -> str:
        kernel, bias = weights["kernel"][:, channel], weights.get("bias")
        parts = [f"{number(value)}·{number(kernel[tap])}" for tap, value in seen.taps]
        return " + ".join(parts if bias is None or not bias[channel] else [*parts, number(bias[channel])])
