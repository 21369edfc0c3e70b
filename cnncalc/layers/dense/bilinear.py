from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Sight, Weight, show_shape


class Bilinear(Layer):
    """Bilinear form of two inputs: every unit is a weighted sum of all products of their features.

    It acts on the last axis of both in every layout, with weights shared across positions. MACs: x₁·A for every unit,
    and its product with x₂: (n₁ + 1)·n₂ multiply–accumulates per output. FLOPs: two per multiply–accumulate and one per
    output for the bias.
    """

    type = "bilinear"
    family = "dense"
    rule = "bilinear: O = units, each y = x₁·A·x₂ + bias\n(n₁·n₂ + b)·units parameters; b = 1 with a bias"
    sources = ("PyTorch, torch.nn.Bilinear",)
    examples = ("20 -> bilinear(identity | dense 30) units=40",)
    inputs = (2, 2)
    branching = True
    states: ClassVar[dict[str, str]] = {"in1_features": "features", "in2_features": "second features"}

    units = declare.count("number of outputs", positional=True, symbol="units", aliases=("out_features",))
    bias = declare.flag("whether each unit adds a bias", default=True, aliases=("use_bias",))
    keeps = keeping.INPUTS

    def shape(self, x: Shape, other: Shape) -> Shape:
        if x[:-1] != other[:-1]:
            raise Refusal(
                f"{show_shape(x)} and {show_shape(other)} may differ only in the last axis, the features",
                hint="give both the same positions",
                code="E308",
            )
        return (*x[:-1], self.units)

    def weights(self, x: Shape, other: Shape, y: Shape) -> Iterator[Weight]:
        yield Weight("kernel", (x[-1], other[-1], self.units), positions=x[:-1])
        if self.bias:
            yield Weight("bias", (self.units,), positions=x[:-1])

    def macs(self, x: Shape, other: Shape, y: Shape) -> int:
        return prod(y) * (x[-1] + 1) * other[-1]

    def elementwise(self, x: Shape, other: Shape, y: Shape) -> int:
        return prod(y) if self.bias else 0

    def windows(self, x: Shape, other: Shape) -> Sight:
        return "whole" if len(x) > 1 and self.setting.layout == "CHW" else "pointwise"

    def channels_first(self, weight: Weight) -> tuple[int, ...]:
        return (2, 0, 1) if weight.name == "kernel" else super().channels_first(weight)

    def forward(self, np: ModuleType, x: Array, other: Array, *, kernel: Array, bias: Array | None = None) -> Array:
        first, second, units = kernel.shape
        half = (x @ kernel.reshape(first, -1)).reshape(*x.shape[:-1], second, units)
        y = (other[..., None, :] @ half)[..., 0, :]
        return y if bias is None else y + bias
