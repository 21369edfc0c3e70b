"""Constants computed from constants: the arithmetic that exporters emit around shapes, on plain numbers."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product, repeat
from math import prod
from types import MappingProxyType
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.onnx.attributes import NodeAttributes
from cnncalc.importing.onnx.folded_sizes import SIZES, Folding, broadcast_sizes, numbers_of, permuted, resolved
from cnncalc.importing.onnx.onnx_tensor import MOST_CONSTANT, OnnxTensor
from cnncalc.importing.onnx.proto import OnnxNode
from cnncalc.importing.tensors.tensor import TapeArray
from cnncalc.reading.limits import MOST_AXES, MOST_ELEMENTS

_LARGEST = 2**64
_LARGEST_EXPONENT = 64
_LONGEST_NAME = 10_000


class Unfoldable(Exception):  # noqa: N818 - not an error: the operation becomes a layer
    """Raised where an operation on constants is not computed."""


def folded(node: OnnxNode, inputs: Sequence[TapeArray | None]) -> TapeArray:
    """The output of an operation whose inputs are all constant. Raises Unfoldable.

    Parameters, and arrays whose numbers are not read, are only moved: what is computed from them becomes layers.
    """
    given = [each for each in inputs if each is not None]
    is_computed = not any(each.learned or each.values is None for each in given)
    if node.domain not in ("", "ai.onnx"):
        raise Unfoldable(node.op)
    rules = [_RULES] if is_computed else [_MOVES]
    if not any(each.learned for each in given):
        rules.append(SIZES)
    for rule in (table[node.op] for table in rules if node.op in table):
        try:
            made = rule(NodeAttributes(node), given)
        except (ArithmeticError, IndexError, ValueError):
            continue
        if _is_small(made):
            return made
    raise Unfoldable(node.op)


def _is_small(array: TapeArray) -> bool:
    """Whether an array can be an input of others: axes, sizes, names and numbers grow without end if joined often."""
    if len(array.dims) > MOST_AXES or len(array.name) > _LONGEST_NAME or array.elements > MOST_ELEMENTS:
        return False
    return array.values is None or (array.elements <= MOST_CONSTANT and all(map(_fits, array.values)))


def _fits(value: Any) -> bool:
    """Whether a number is one of 64 bits: products of others grow without end."""
    return not isinstance(value, int) or abs(value) < _LARGEST


def vector(values: Sequence[Any]) -> TapeArray:
    """A list of numbers."""
    return TapeArray((len(values),), values=tuple(values))


def _strides(dims: Shape) -> list[int]:
    return [prod(dims[axis + 1 :]) for axis in range(len(dims))]


def _spread(constant: TapeArray, dims: Shape) -> Iterable[Any]:
    """The numbers of a constant broadcast to `dims`, in order."""
    values = numbers_of(constant)
    if constant.dims == dims:
        return values
    if len(values) == 1:
        return repeat(values[0], prod(dims))
    steps = [stride if size > 1 else 0 for stride, size in zip(_strides(constant.dims), constant.dims, strict=True)]
    strides = [0] * (len(dims) - len(steps)) + steps
    return (values[sum(map(operator.mul, index, strides))] for index in product(*map(range, dims)))


def _broadcast(shapes: Sequence[Shape]) -> Shape:
    return _bounded(broadcast_sizes(shapes))


def _bounded(dims: Shape) -> Shape:
    if prod(dims) > MOST_CONSTANT or len(dims) > 16:
        raise ValueError("too large to compute")
    return dims


def _elementwise(compute: Callable[..., Any]) -> Folding:
    def rule(node: NodeAttributes, inputs: list[TapeArray]) -> TapeArray:
        dims = _broadcast([each.dims for each in inputs])
        return TapeArray(dims, values=tuple(map(compute, *(_spread(each, dims) for each in inputs))))

    return rule


def _divide(a: Any, b: Any) -> Any:
    if isinstance(a, int) and isinstance(b, int):
        return int(math.copysign(abs(a) // abs(b), a * b)) if a and b else a // b
    return a / b


def _raise(a: Any, b: Any) -> Any:
    if abs(b) > _LARGEST_EXPONENT:
        raise ValueError("too large to compute")
    found = a**b
    if isinstance(found, complex):
        raise ValueError("a root of a negative number")
    return int(found) if isinstance(a, int) else found


def _gather(node: NodeAttributes, inputs: list[TapeArray]) -> TapeArray:
    data, indices = inputs
    axis = node.integer("axis", 0) % max(len(data.dims), 1)
    dims = _bounded((*data.dims[:axis], *indices.dims, *data.dims[axis + 1 :]))
    values, size, run = numbers_of(data), data.dims[axis], prod(data.dims[axis + 1 :])
    places = [index % size for index in numbers_of(indices)]
    starts = [(row * size + place) * run for row in range(prod(data.dims[:axis])) for place in places]
    return TapeArray(dims, values=tuple(value for start in starts for value in values[start : start + run]))


def _concat(node: NodeAttributes, inputs: list[TapeArray]) -> TapeArray:
    first = inputs[0].dims
    axis = node.integer("axis") % max(len(first), 1)
    if any(len(each.dims) != len(first) for each in inputs):
        raise ValueError("arrays with different numbers of axes")
    dims = _bounded((*first[:axis], sum(each.dims[axis] for each in inputs), *first[axis + 1 :]))
    runs = [(each, prod(each.dims[axis:])) for each in inputs]
    joined = [
        value for row in range(prod(first[:axis])) for each, run in runs
        for value in numbers_of(each)[row * run : (row + 1) * run]
    ]  # fmt: skip
    return TapeArray(dims, values=tuple(joined))


def _slice(node: NodeAttributes, inputs: list[TapeArray]) -> TapeArray:
    data = inputs[0]
    given = [list(numbers_of(each)) for each in inputs[1:]]
    starts = given[0] if given else node.integers("starts")
    ends = given[1] if given else node.integers("ends")
    axes = given[2] if len(given) > 2 else node.integers("axes", range(len(starts)))
    steps = given[3] if len(given) > 3 else [1] * len(starts)
    picked = [range(size) for size in data.dims]
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        size = data.dims[axis]
        stop = None if step < 0 and end < -size else end
        picked[axis] = range(*slice(start, stop, step).indices(size))
    strides = _strides(data.dims)
    places = (sum(each * stride for each, stride in zip(index, strides, strict=True)) for index in product(*picked))
    return TapeArray(tuple(map(len, picked)), values=tuple(numbers_of(data)[place] for place in places))


def _axes(node: NodeAttributes, inputs: Sequence[TapeArray]) -> list[int]:
    """The axes of an operation: an attribute of old opsets, an input of new ones; none if it states none."""
    if "axes" in node.node.attributes:
        return node.integers("axes")
    return [int(axis) for axis in numbers_of(inputs[1])] if len(inputs) > 1 else []


def _unsqueeze(node: NodeAttributes, inputs: list[TapeArray]) -> TapeArray:
    axes = _axes(node, inputs)
    rank = len(inputs[0].dims) + len(axes)
    places = {axis % rank for axis in axes}
    rest = iter(inputs[0].dims)
    return replace(inputs[0], dims=tuple(1 if axis in places else next(rest) for axis in range(rank)))


def _squeeze(node: NodeAttributes, inputs: list[TapeArray]) -> TapeArray:
    dims, axes = inputs[0].dims, _axes(node, inputs)
    places = {axis % len(dims) for axis in axes} if axes else {axis for axis, size in enumerate(dims) if size == 1}
    return replace(inputs[0], dims=tuple(size for axis, size in enumerate(dims) if axis not in places))


def _reshape(node: NodeAttributes, inputs: list[TapeArray]) -> TapeArray:
    target = [inputs[0].dims[place] if size == 0 else size for place, size in enumerate(numbers_of(inputs[1]))]
    return replace(inputs[0], dims=resolved(target, inputs[0].elements))


def _constant_of_shape(node: NodeAttributes, inputs: list[TapeArray]) -> TapeArray:
    value = node.node.attributes.get("value")
    numbers = value.values() if isinstance(value, OnnxTensor) else None
    dims = _bounded(tuple(numbers_of(inputs[0])))
    return TapeArray(dims, values=(numbers[0] if numbers else 0,) * prod(dims))


def _range(node: NodeAttributes, inputs: list[TapeArray]) -> TapeArray:
    start, limit, step = (numbers_of(each)[0] for each in inputs)
    count = max(math.ceil((limit - start) / step), 0)
    _bounded((count,))
    return vector([start + step * place for place in range(count)])


def _expand(node: NodeAttributes, inputs: list[TapeArray]) -> TapeArray:
    dims = _broadcast([inputs[0].dims, tuple(numbers_of(inputs[1]))])
    return TapeArray(dims, values=tuple(_spread(inputs[0], dims)))


def _product(node: NodeAttributes, inputs: list[TapeArray]) -> TapeArray:
    if len(inputs[0].dims) > 1:
        raise ValueError("only lists are multiplied up")
    value = math.prod(numbers_of(inputs[0]))
    return TapeArray((1,) if node.integer("keepdims", 1) else (), values=(value,))


def _cast(node: NodeAttributes, inputs: list[TapeArray]) -> TapeArray:
    to = node.integer("to")
    convert: Callable[[Any], Any] = int if to in (2, 3, 4, 5, 6, 7, 12, 13) else bool if to == 9 else float
    return TapeArray(inputs[0].dims, values=tuple(convert(value) for value in numbers_of(inputs[0])))


def _transpose(node: NodeAttributes, inputs: list[TapeArray]) -> TapeArray:
    """The axes in another order; the numbers of parameters are not needed any more."""
    (array,) = inputs
    order, dims = permuted(node, array)
    if array.values is None or array.learned:
        return replace(array, dims=dims, values=None)
    strides = [_strides(array.dims)[axis] for axis in order]
    indices = product(*(range(size) for size in dims))
    places = (sum(each * stride for each, stride in zip(index, strides, strict=True)) for index in indices)
    return TapeArray(dims, values=tuple(array.values[place] for place in places))


def _sliced_weights(node: NodeAttributes, inputs: list[TapeArray]) -> TapeArray:
    """The first axis of weights in part: PyTorch's exporter puts the gates of recurrent layers into another order."""
    array, start, end = inputs[0], numbers_of(inputs[1])[0], numbers_of(inputs[2])[0]
    first, last, _ = slice(start, end).indices(array.dims[0])
    if [int(axis) for each in inputs[3:] for axis in numbers_of(each)] not in ([], [0], [0, 1]):
        raise ValueError("only the first axis is cut")
    return rows_of(array, first, last)


def rows_of(array: TapeArray, first: int, last: int) -> TapeArray:
    """A part of the first axis of weights, with a name of its own."""
    return TapeArray((max(last - first, 0), *array.dims[1:]), f"{array.name}[{first}:{last}]", array.learned)


def _joined_weights(node: NodeAttributes, inputs: list[TapeArray]) -> TapeArray:
    axis = node.integer("axis") % len(inputs[0].dims)
    dims = list(inputs[0].dims)
    dims[axis] = sum(each.dims[axis] for each in inputs)
    return TapeArray(tuple(dims), "+".join(each.name for each in inputs), any(each.learned for each in inputs))


def _same(node: NodeAttributes, inputs: list[TapeArray]) -> TapeArray:
    return inputs[0]


_RULES: Mapping[str, Folding] = MappingProxyType({
    "Add": _elementwise(operator.add), "Sub": _elementwise(operator.sub), "Mul": _elementwise(operator.mul),
    "Div": _elementwise(_divide), "Mod": _elementwise(operator.mod), "Neg": _elementwise(operator.neg),
    "Pow": _elementwise(_raise),
    "Floor": _elementwise(math.floor), "Ceil": _elementwise(math.ceil), "Sqrt": _elementwise(math.sqrt),
    "Abs": _elementwise(abs), "Min": _elementwise(min), "Max": _elementwise(max), "Equal": _elementwise(operator.eq),
    "Greater": _elementwise(operator.gt), "Less": _elementwise(operator.lt), "Not": _elementwise(operator.not_),
    "GreaterOrEqual": _elementwise(operator.ge), "LessOrEqual": _elementwise(operator.le),
    "And": _elementwise(lambda a, b: a and b), "Or": _elementwise(lambda a, b: a or b),
    "Where": _elementwise(lambda condition, a, b: a if condition else b), "Gather": _gather, "Concat": _concat,
    "Slice": _slice, "Unsqueeze": _unsqueeze, "Squeeze": _squeeze, "Reshape": _reshape, "Cast": _cast,
    "ConstantOfShape": _constant_of_shape, "Range": _range, "Expand": _expand, "ReduceProd": _product,
    "Identity": _same, "Transpose": _transpose,
})  # fmt: skip
"""By the operator's name. Those whose rule is a function of one number apply it to each element."""

_MOVES: Mapping[str, Folding] = MappingProxyType({
    "Identity": _same, "Cast": _same, "CastLike": _same, "QuantizeLinear": _same, "DequantizeLinear": _same,
    "Transpose": _transpose, "Reshape": _reshape, "Squeeze": _squeeze, "Unsqueeze": _unsqueeze,
    "Slice": _sliced_weights, "Concat": _joined_weights, "ScatterND": _same,
})  # fmt: skip
"""Operations that only move weights, by the operator's name."""
