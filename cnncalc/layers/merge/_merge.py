"""What the merges share: inputs of one shape, or of shapes that NumPy's rules broadcast, combined element by element.

Source of the rules: NumPy, "Broadcasting", which PyTorch's operators, Keras's merging layers and ONNX's
multidirectional broadcasting follow. Inputs of different rank meet only in Keras, which aligns their last axes within
a sample.
"""

from __future__ import annotations

from math import prod
from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers.base import Array, Layer, Sight, show_shape

_ALIGNS_RANKS = ("keras", "tensorflow")


class Merge(Layer):
    """Combines its inputs element by element."""

    family = "merge"
    inputs: ClassVar[tuple[int, int | None]] = (2, None)
    branching = True
    rule = "elementwise: equal sizes along every axis, where a size of 1 stretches"
    sources: ClassVar[tuple[str, ...]] = (
        "NumPy, Broadcasting",
        "Keras, Merging layers",
        "PyTorch, Broadcasting semantics",
        "ONNX, Broadcasting in ONNX",
    )

    def shape(self, *inputs: Shape) -> Shape:
        merged = inputs[0]
        for shape in inputs[1:]:
            merged = self._broadcast(merged, shape)
        return merged

    def _broadcast(self, one: Shape, other: Shape) -> Shape:
        if len(one) != len(other):
            one, other = self._align(one, other)
        places = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b and 1 not in (a, b)]
        if places:
            raise differing(self, one, other, places, "equal sizes are needed, or 1 where one is to be stretched")
        return tuple(b if a == 1 else a for a, b in zip(one, other, strict=True))

    def _align(self, one: Shape, other: Shape) -> tuple[Shape, Shape]:
        """Shapes of different rank with 1 in place of the missing first axes, where the convention allows it."""
        if self.setting.convention.name not in _ALIGNS_RANKS:
            raise different_rank(one, other)
        rank = max(len(one), len(other))
        return (1,) * (rank - len(one)) + one, (1,) * (rank - len(other)) + other

    def windows(self, *inputs: Shape) -> Sight:
        """Each position sees its own; where one is stretched over others, there is no single answer."""
        spatial = self.spatial(self.shape(*inputs))
        return "pointwise" if all(self.spatial(shape) == spatial for shape in inputs) else ()

    def elementwise(self, *shapes: Shape) -> int:
        """One operation for each input after the first, per output element."""
        return prod(shapes[-1]) * (len(shapes) - 2)

    def forward(self, np: ModuleType, *arrays: Array) -> Array:
        rank = max(array.ndim for array in arrays)
        aligned = [array.reshape(len(array), *[1] * (rank - array.ndim), *array.shape[1:]) for array in arrays]
        merged = aligned[0]
        for array in aligned[1:]:
            merged = self.combine(np, merged, array)
        return merged

    def combine(self, np: ModuleType, one: Array, other: Array) -> Array:
        """Two arrays in one."""
        raise NotImplementedError


def different_rank(one: Shape, other: Shape) -> Refusal:
    """For inputs that have different numbers of axes."""
    low, high = sorted((one, other), key=len)
    return Refusal(
        f"{show_shape(one)} and {show_shape(other)} have different numbers of axes: {len(one)} and {len(other)}",
        hint=f"reshape {show_shape(low)} to {len(high)} axes first",
        code="E308",
    )


def differing(layer: Layer, one: Shape, other: Shape, places: list[int], hint: str) -> Refusal:
    """For inputs that differ along the axes at `places`."""
    names = layer.axis_names(len(one))
    differences = ", ".join(f"{names[place]}: {int(one[place])} and {int(other[place])}" for place in places)
    return Refusal(f"{show_shape(one)} and {show_shape(other)} differ in {differences}", hint=hint, code="E308")
