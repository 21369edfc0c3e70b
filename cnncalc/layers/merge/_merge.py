"""The base of merges: inputs of equal or broadcastable shapes, combined element by element.

Source of the rules: NumPy, "Broadcasting", which PyTorch's operators, Keras's merging layers and ONNX's
multidirectional broadcasting follow. Inputs of different rank are allowed in Keras, which aligns their last axes within
a sample, and for inputs without a batch axis, whose last axes are aligned in every framework.
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
    takes_empty = True
    least_axes = 0
    rule = "elementwise: equal sizes along every axis, or 1, which is broadcast"
    sources: ClassVar[tuple[str, ...]] = (
        "NumPy, Broadcasting",
        "Keras, Merging layers",
        "PyTorch, Broadcasting semantics",
        "ONNX, Broadcasting in ONNX",
    )

    def shape(self, *inputs: Shape) -> Shape:
        inputs = aligned_shapes(self, inputs)
        merged = inputs[0]
        for shape in inputs[1:]:
            merged = self._broadcast(merged, shape)
        return merged

    def _broadcast(self, one: Shape, other: Shape) -> Shape:
        if len(one) != len(other):
            one, other = self._align(one, other)
        places = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b and 1 not in (a, b)]
        if places:
            raise differing(self, one, other, places, "sizes must match, or be 1 to be broadcast")
        return tuple(a if a == b or a != 1 else b for a, b in zip(one, other, strict=True))

    def _align(self, one: Shape, other: Shape) -> tuple[Shape, Shape]:
        """Shapes of equal rank, with 1 for missing first axes. Raises Refusal if the convention does not allow it."""
        if self.setting.convention.name not in _ALIGNS_RANKS:
            raise different_rank(one, other)
        rank = max(len(one), len(other))
        return (1,) * (rank - len(one)) + one, (1,) * (rank - len(other)) + other

    def windows(self, *inputs: Shape) -> Sight:
        """Each output reads its own position; undefined if an input is broadcast along a spatial axis."""
        spatial = self.spatial(self.shape(*inputs))
        seeing = [shape for place, shape in enumerate(inputs) if place not in self.unbatched] or inputs
        return "pointwise" if all(self.spatial(shape) == spatial for shape in seeing) else ()

    def elementwise(self, *shapes: Shape) -> int:
        """One operation for each input after the first, per output element."""
        return prod(shapes[-1]) * (len(shapes) - 2)

    def runs_in_place(self) -> bool:
        return True

    def forward(self, np: ModuleType, *arrays: Array) -> Array:
        merged, *others = aligned(self, arrays)
        for array in others:
            merged = self.combine(np, merged, array)
        return merged

    def combine(self, np: ModuleType, one: Array, other: Array) -> Array:
        """The combination of two arrays."""
        raise NotImplementedError


def aligned(layer: Layer, arrays: tuple[Array, ...]) -> list[Array]:
    """Batched arrays with equal numbers of axes: 1 for missing first axes of those without a batch of their own."""
    own = [array.ndim for place, array in enumerate(arrays) if place not in layer.unbatched]
    rank = max(own or [array.ndim for array in arrays])
    return [
        array[:, 0] if array.ndim > rank else array.reshape(len(array), *[1] * (rank - array.ndim), *array.shape[1:])
        for array in arrays
    ]


def aligned_shapes(layer: Layer, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
    """The inputs, where those without a batch axis have as many axes as the others.

    Their last axes are aligned, as in NumPy: missing first axes become 1, and a first axis of 1 that was written for
    the batch is removed. Raises Refusal if one has more axes than a sample.
    """
    if not layer.unbatched:
        return inputs
    own = [shape for place, shape in enumerate(inputs) if place not in layer.unbatched]
    widest = max(own or inputs, key=len)
    return tuple(
        _fitted(layer, shape, widest) if place in layer.unbatched else shape for place, shape in enumerate(inputs)
    )


def _fitted(layer: Layer, shape: Shape, other: Shape) -> Shape:
    """A shape without a batch axis, with as many axes as `other` has."""
    rank = len(other)
    if len(shape) <= rank:
        _check_meant(layer, shape, other)
        return (1,) * (rank - len(shape)) + shape
    if len(shape) == rank + 1 and shape[0] == 1:
        return shape[1:]
    raise Refusal(
        f"{show_shape(shape)} has no batch axis and {len(shape)} axes, more than the {rank} of a sample",
        hint=f"reshape it to {rank} {'axis' if rank == 1 else 'axes'} first",
        code="E308",
    )


def without_batch_of_one(layer: Layer, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
    """The inputs, where those without a batch axis lose a first axis of 1 that was written for it."""
    own = [len(shape) for place, shape in enumerate(inputs) if place not in layer.unbatched]
    rank = max(own or map(len, inputs))
    return tuple(
        shape[1:] if place in layer.unbatched and len(shape) == rank + 1 and shape[0] == 1 else shape
        for place, shape in enumerate(inputs)
    )


def _check_meant(layer: Layer, shape: Shape, other: Shape) -> None:
    """Reject one number per channel that would be aligned with another axis, the last one."""
    if layer.setting.layout != "CHW" or len(shape) != 1 or len(other) < 2:
        return
    if other[-1] not in (1, shape[0]) and shape[0] == other[0] != 1:
        ones = "x".join(["1"] * (len(other) - 1))
        raise Refusal(
            f"{show_shape(shape)} is aligned with the last axis of {show_shape(other)}, which is {int(other[-1])}",
            hint=f"write {show_shape(shape)}x{ones} for one number per channel",
            code="E308",
        )


def different_rank(one: Shape, other: Shape) -> Refusal:
    """The refusal for inputs with different numbers of axes."""
    low, high = sorted((one, other), key=len)
    return Refusal(
        f"{show_shape(one)} and {show_shape(other)} have different numbers of axes: {len(one)} and {len(other)}",
        hint=f"reshape {show_shape(low)} to {len(high)} axes first",
        code="E308",
    )


def differing(layer: Layer, one: Shape, other: Shape, places: list[int], hint: str) -> Refusal:
    """The refusal for inputs that differ along the axes at `places`."""
    names = layer.axis_names(len(one))
    differences = ", ".join(f"{names[place]}: {int(one[place])} and {int(other[place])}" for place in places)
    return Refusal(f"{show_shape(one)} and {show_shape(other)} differ in {differences}", hint=hint, code="E308")
