"""The sizes of constants computed from constants whose numbers are too many to be read, such as masks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import ceil, prod
from types import MappingProxyType
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.onnx.attributes import NodeAttributes
from cnncalc.importing.tensors.tensor import TapeArray

Folding = Callable[[NodeAttributes, list[TapeArray]], TapeArray]


def numbers_of(array: TapeArray) -> tuple[Any, ...]:
    """The numbers of an array. Raises ValueError where they are not read."""
    if array.values is None:
        raise ValueError("numbers that are not read")
    return tuple(array.values)


def broadcast_sizes(shapes: Sequence[Shape]) -> Shape:
    """The sizes of several shapes together. Raises ValueError if they do not broadcast."""
    rank = max(map(len, shapes), default=0)
    padded = [(1,) * (rank - len(shape)) + shape for shape in shapes]
    dims = tuple(max(sizes) if min(sizes) else 0 for sizes in zip(*padded, strict=True))
    if any(size not in (1, target) for shape in padded for size, target in zip(shape, dims, strict=True)):
        raise ValueError("sizes that do not broadcast")
    return dims


def resolved(target: Sequence[int], elements: int) -> Shape:
    """A shape whose one −1, if any, is what is left of `elements`. Raises ValueError."""
    known = prod(size for size in target if size != -1)
    if -1 not in target and known == elements:
        return tuple(target)
    if target.count(-1) != 1 or known == 0 or elements % known:
        raise ValueError(f"{elements} elements do not fit {list(target)}")
    return tuple(elements // known if size == -1 else size for size in target)


def permuted(node: NodeAttributes, array: TapeArray) -> tuple[list[int], Shape]:
    """The order of a Transpose, by default the reverse, and the sizes after it."""
    order = node.integers("perm", list(range(len(array.dims)))[::-1])
    if sorted(order) != list(range(len(array.dims))):
        raise ValueError("an order that does not name every axis once")
    return order, tuple(array.dims[axis] for axis in order)


def _elementwise(node: NodeAttributes, inputs: list[TapeArray]) -> TapeArray:
    return TapeArray(broadcast_sizes([each.dims for each in inputs]))


def _first(node: NodeAttributes, inputs: list[TapeArray]) -> TapeArray:
    return TapeArray(inputs[0].dims)


def _transposed(node: NodeAttributes, inputs: list[TapeArray]) -> TapeArray:
    return TapeArray(permuted(node, inputs[0])[1])


def _expanded(node: NodeAttributes, inputs: list[TapeArray]) -> TapeArray:
    return TapeArray(broadcast_sizes([inputs[0].dims, tuple(numbers_of(inputs[1]))]))


def _of_sizes(node: NodeAttributes, inputs: list[TapeArray]) -> TapeArray:
    dims = tuple(int(size) for size in numbers_of(inputs[0]))
    if min(dims, default=0) < 0:
        raise ValueError("a size below zero")
    return TapeArray(dims)


def _range(node: NodeAttributes, inputs: list[TapeArray]) -> TapeArray:
    start, limit, step = (numbers_of(each)[0] for each in inputs)
    return TapeArray((max(ceil((limit - start) / step), 0),))


def _gathered(node: NodeAttributes, inputs: list[TapeArray]) -> TapeArray:
    dims = inputs[0].dims
    axis = node.integer("axis", 0) % max(len(dims), 1)
    return TapeArray((*dims[:axis], *inputs[1].dims, *dims[axis + 1 :]))


def _concatenated(node: NodeAttributes, inputs: list[TapeArray]) -> TapeArray:
    dims = list(inputs[0].dims)
    axis = node.integer("axis") % max(len(dims), 1)
    dims[axis] = sum(each.dims[axis] for each in inputs)
    return TapeArray(tuple(dims))


def _sliced(node: NodeAttributes, inputs: list[TapeArray]) -> TapeArray:
    dims = list(inputs[0].dims)
    lists = [list(numbers_of(each)) for each in inputs[1:]] or [node.integers("starts"), node.integers("ends")]
    starts, ends = lists[:2]
    axes = lists[2] if len(lists) > 2 else node.integers("axes", range(len(starts)))
    steps = lists[3] if len(lists) > 3 else [1] * len(starts)
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        dims[axis] = len(range(*slice(start, end, step).indices(dims[axis])))
    return TapeArray(tuple(dims))


def _tiled(node: NodeAttributes, inputs: list[TapeArray]) -> TapeArray:
    return TapeArray(tuple(size * times for size, times in zip(inputs[0].dims, numbers_of(inputs[1]), strict=True)))


_BROADCAST = (
    "Add", "Sub", "Mul", "Div", "Mod", "Pow", "Min", "Max", "Equal", "Greater", "Less", "GreaterOrEqual",
    "LessOrEqual", "And", "Or", "Xor", "Not", "Neg", "Abs", "Sqrt", "Exp", "Log", "Floor", "Ceil", "Sign", "Where",
    "Clip", "Erf", "Sin", "Cos", "Tanh", "Sigmoid", "Reciprocal", "IsNaN", "IsInf", "Round",
)  # fmt: skip

SIZES: Mapping[str, Folding] = MappingProxyType({
    **dict.fromkeys(_BROADCAST, _elementwise),
    "ScatterND": _first, "ScatterElements": _first, "Trilu": _first, "CumSum": _first, "Softmax": _first,
    "Transpose": _transposed, "Expand": _expanded, "ConstantOfShape": _of_sizes, "Range": _range,
    "Gather": _gathered, "Concat": _concatenated, "Slice": _sliced, "Tile": _tiled,
})  # fmt: skip
"""By the operator's name. Those that only change the axes, as Reshape does, are computed like those of weights."""
