"""A call of a framework's operation: the layer that a counting tool sees, on given shapes."""

from __future__ import annotations

from math import prod
from typing import Any, NamedTuple

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers.base import Layer


class FrameworkCall(NamedTuple):
    """A layer without an activation of its own, and the shapes of one sample."""

    layer: Any
    inputs: tuple[Shape, ...]
    output: Shape
    is_captured: bool = False
    """Whether PyTorch holds the function since its import, where a tool that replaces functions does not see it."""

    @property
    def type(self) -> str:
        return str(self.layer.type)

    @property
    def x(self) -> int:
        """The elements of the first input."""
        return prod(self.inputs[0])

    @property
    def y(self) -> int:
        """The elements of the output."""
        return prod(self.output)

    @property
    def macs(self) -> int:
        found: int = self.layer.macs(*self.inputs, self.output)
        return found

    @property
    def weights(self) -> dict[str, Shape]:
        """The shapes of the learned arrays, by name."""
        return {each.name: each.shape for each in self.layer.weights(*self.inputs, self.output) if not each.statistic}

    @property
    def params(self) -> int:
        return sum(map(prod, self.weights.values()))

    @property
    def has_bias(self) -> bool:
        return any(name.endswith("bias") for name in self.weights)

    @property
    def is_affine(self) -> bool:
        """Whether a normalization has learned scales."""
        return "scale" in self.weights

    @property
    def channels(self) -> int:
        return int(self.layer.channels(self.inputs[0]))

    @property
    def positions(self) -> int:
        """The positions of the output: elements per channel."""
        return prod(self.layer.spatial(self.output))

    @property
    def input_positions(self) -> int:
        return prod(self.layer.spatial(self.inputs[0]))

    @property
    def window(self) -> tuple[int, ...]:
        """The window along each spatial axis; of an adaptive pool the average size of a bin, rounded down."""
        if "kernel" in self.layer.fields:
            return tuple(self.layer.kernels(self.inputs[0]))
        before, after = self.layer.spatial(self.inputs[0]), self.layer.spatial(self.output)
        return tuple(W // count for W, count in zip(before, after or (1,) * len(before), strict=True))


def own_call(layer: Layer, *inputs: Shape) -> FrameworkCall:
    """The call of a layer on inputs, with the output that its shape rule gives."""
    return FrameworkCall(layer, inputs, layer.shape(*inputs))
