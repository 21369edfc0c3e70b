from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.taps import throughout
from cnncalc.kernels.elementwise import sigmoid
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Layer, Reach, Sight, Weight
from cnncalc.layers.keeping import Keeps, KeptArray


class Highway(Layer):
    """Highway layer: a learned gate mixes a transformed input with the input itself.

    Transform and gate are dense layers on the last axis of the input, with as many units, in every layout; positions
    share the weights. FLOPs: two per multiply–accumulate; per element two biases, two activations, and four to mix, T·H
    + (1 − T)·x.
    """

    type = "highway"
    family = "dense"
    rule = "highway: y = gate(x)·dense(x) + (1 − gate(x))·x\n2·(n + b)·n parameters; b = 1 with biases"
    sources = ("Srivastava, Greff & Schmidhuber, Highway Networks, arXiv 1505.00387",)
    examples = ("50 -> highway", "7x12 -> highway transform=tanh")

    transform = declare.choice(
        "activation of the transform H", ("relu", "tanh", "sigmoid", "linear"), default="relu",
    )  # fmt: skip
    bias = declare.flag("whether transform and gate add biases", default=True, aliases=("use_bias",))

    def shape(self, x: Shape) -> Shape:
        return x

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        size, shared_by = x[-1], x[:-1]
        for name in ("transform", "gate"):
            yield Weight(f"{name}_kernel", (size, size), positions=shared_by)
            if self.bias:
                yield Weight(f"{name}_bias", (size,), positions=shared_by)

    def macs(self, x: Shape, y: Shape) -> int:
        return 2 * prod(x) * x[-1]

    def elementwise(self, x: Shape, y: Shape) -> int:
        return (8 if self.bias else 6) * prod(y)

    def kept(self, x: Shape, y: Shape) -> Keeps:
        return Keeps("all", arrays=(KeptArray("gate, its complement, transformed", 3 * prod(y)),))

    def windows(self, x: Shape) -> Sight:
        return "whole" if len(x) > 1 and self.setting.layout == "CHW" else "pointwise"

    def reach(self, x: Shape) -> Reach:
        """The whole last axis, which is a spatial axis with channels first."""
        return self.placed(x, len(x) - 1, throughout(x[-1]))

    def forward(
        self, np: ModuleType, x: Array, *, transform_kernel: Array, gate_kernel: Array,
        transform_bias: Array | None = None, gate_bias: Array | None = None,
    ) -> Array:  # fmt: skip
        transformed, gate = x @ transform_kernel, x @ gate_kernel
        if transform_bias is not None:
            transformed, gate = transformed + transform_bias, gate + gate_bias
        gate = sigmoid(np, gate)
        return gate * self._activated(np, transformed) + (1 - gate) * x

    def _activated(self, np: ModuleType, x: Array) -> Array:
        if self.transform == "linear":
            return x
        if self.transform == "sigmoid":
            return sigmoid(np, x)
        return np.tanh(x) if self.transform == "tanh" else np.maximum(x, 0)
