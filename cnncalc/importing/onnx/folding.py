"""Constants computed from constants: the arithmetic that exporters emit around shapes, on plain numbers."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from math import prod
from types import MappingProxyType
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.onnx.proto import MOST_CONSTANT, OnnxNode, OnnxTensor
from cnncalc.importing.onnx.values import Constant


class Unfoldable(Exception):  # noqa: N818 - not an error: the operation becomes a layer
    """Raised where an operation on constants is not computed."""


def folded(node: OnnxNode, inputs: Sequence[Constant | None]) -> Constant:
    """The output of an operation whose inputs are all constant. Raises Unfoldable."""
    rule = _RULES.get(node.op)
    if rule is None or any(each is not None and each.values is None for each in inputs):
        raise Unfoldable(node.op)
    try:
        made = rule(node, [each for each in inputs if each is not None])
    except (IndexError, ValueError, TypeError, ZeroDivisionError, OverflowError, KeyError) as error:
        raise Unfoldable(f"{node.op}: {error}") from error
    if made.elements > MOST_CONSTANT:
        raise Unfoldable(node.op)
    return made


def constant_of(tensor: OnnxTensor) -> Constant:
    """An initializer as a constant; its numbers only where it is small."""
    values = tensor.values()
    return Constant(tensor.dims, None if values is None else tuple(values), tensor.name)


def vector(values: Sequence[Any]) -> Constant:
    """A list of numbers."""
    return Constant((len(values),), tuple(values))


def _values(constant: Constant) -> tuple[Any, ...]:
    assert constant.values is not None
    return constant.values


def _strides(dims: Shape) -> list[int]:
    return [prod(dims[axis + 1 :]) for axis in range(len(dims))]


def _at(constant: Constant, dims: Shape, index: Sequence[int]) -> Any:
    """The number of a constant broadcast to `dims` at an index."""
    own = constant.dims
    offset = len(dims) - len(own)
    strides = _strides(own)
    place = sum(index[offset + axis] % own[axis] * strides[axis] for axis in range(len(own)))
    return _values(constant)[place]


def _broadcast(shapes: Sequence[Shape]) -> Shape:
    rank = max(map(len, shapes), default=0)
    padded = [(1,) * (rank - len(shape)) + shape for shape in shapes]
    dims = tuple(max(sizes) if min(sizes) else 0 for sizes in zip(*padded, strict=True))
    if any(size not in (1, target) for shape in padded for size, target in zip(shape, dims, strict=True)):
        raise ValueError("sizes that do not broadcast")
    return _bounded(dims)


def _bounded(dims: Shape) -> Shape:
    if prod(dims) > MOST_CONSTANT or len(dims) > 16:
        raise ValueError("too large to compute")
    return dims


def _elementwise(compute: Callable[..., Any]) -> Callable[[OnnxNode, list[Constant]], Constant]:
    def rule(node: OnnxNode, inputs: list[Constant]) -> Constant:
        dims = _broadcast([each.dims for each in inputs])
        indices = product(*(range(size) for size in dims))
        return Constant(dims, tuple(compute(*(_at(each, dims, index) for each in inputs)) for index in indices))

    return rule


def _divide(a: Any, b: Any) -> Any:
    if isinstance(a, int) and isinstance(b, int):
        return int(math.copysign(abs(a) // abs(b), a * b)) if a and b else a // b
    return a / b


def _gather(node: OnnxNode, inputs: list[Constant]) -> Constant:
    data, indices = inputs
    axis = int(node.attributes.get("axis", 0)) % max(len(data.dims), 1)
    dims = _bounded((*data.dims[:axis], *indices.dims, *data.dims[axis + 1 :]))
    strides, rank = _strides(data.dims), len(indices.dims)
    found = []
    for index in product(*(range(size) for size in dims)):
        chosen = _at(indices, indices.dims, index[axis : axis + rank]) % data.dims[axis]
        place = (*index[:axis], chosen, *index[axis + rank :])
        found.append(_values(data)[sum(each * stride for each, stride in zip(place, strides, strict=True))])
    return Constant(dims, tuple(found))


def _concat(node: OnnxNode, inputs: list[Constant]) -> Constant:
    if any(len(each.dims) > 1 for each in inputs):
        raise ValueError("only lists are joined")
    return vector([value for each in inputs for value in _values(each)])


def _slice(node: OnnxNode, inputs: list[Constant]) -> Constant:
    data = inputs[0]
    given = [list(_values(each)) for each in inputs[1:]]
    starts = given[0] if given else list(node.attributes["starts"])
    ends = given[1] if given else list(node.attributes["ends"])
    if len(data.dims) != 1 or len(starts) != 1:
        raise ValueError("only lists are cut")
    step = given[3][0] if len(given) > 3 else 1
    size = data.dims[0]
    start, stop = (max(min(end, size), -size - 1) for end in (starts[0], ends[0]))
    return vector(_values(data)[slice(start, None if step < 0 and stop < -size else stop, step)])


def axes_of(node: OnnxNode, inputs: Sequence[Constant | None], place: int = 1) -> list[int] | None:
    """The axes of an operation: an attribute of old opsets, an input of new ones."""
    if "axes" in node.attributes:
        return [int(axis) for axis in node.attributes["axes"]]
    given = inputs[place] if len(inputs) > place else None
    return None if given is None or given.values is None else [int(axis) for axis in given.values]


def _unsqueeze(node: OnnxNode, inputs: list[Constant]) -> Constant:
    axes = axes_of(node, inputs) or []
    rank = len(inputs[0].dims) + len(axes)
    places = {axis % rank for axis in axes}
    rest = iter(inputs[0].dims)
    return Constant(tuple(1 if axis in places else next(rest) for axis in range(rank)), inputs[0].values)


def _squeeze(node: OnnxNode, inputs: list[Constant]) -> Constant:
    dims, axes = inputs[0].dims, axes_of(node, inputs)
    places = {axis % len(dims) for axis in axes} if axes else {axis for axis, size in enumerate(dims) if size == 1}
    return Constant(tuple(size for axis, size in enumerate(dims) if axis not in places), inputs[0].values)


def _reshape(node: OnnxNode, inputs: list[Constant]) -> Constant:
    target = [inputs[0].dims[place] if size == 0 else size for place, size in enumerate(_values(inputs[1]))]
    return Constant(resolved(target, inputs[0].elements), inputs[0].values)


def resolved(target: Sequence[int], elements: int) -> Shape:
    """A shape whose one −1, if any, is what is left of `elements`. Raises ValueError."""
    known = prod(size for size in target if size != -1)
    if -1 not in target and known == elements:
        return tuple(target)
    if target.count(-1) != 1 or known == 0 or elements % known:
        raise ValueError(f"{elements} elements do not fit {list(target)}")
    return tuple(elements // known if size == -1 else size for size in target)


def _constant_of_shape(node: OnnxNode, inputs: list[Constant]) -> Constant:
    value = node.attributes.get("value")
    numbers = value.values() if isinstance(value, OnnxTensor) else None
    dims = _bounded(tuple(_values(inputs[0])))
    return Constant(dims, (numbers[0] if numbers else 0,) * prod(dims))


def _range(node: OnnxNode, inputs: list[Constant]) -> Constant:
    start, limit, step = (_values(each)[0] for each in inputs)
    count = max(math.ceil((limit - start) / step), 0)
    _bounded((count,))
    return vector([start + step * place for place in range(count)])


def _expand(node: OnnxNode, inputs: list[Constant]) -> Constant:
    dims = _broadcast([inputs[0].dims, tuple(_values(inputs[1]))])
    return Constant(dims, tuple(_at(inputs[0], dims, index) for index in product(*(range(size) for size in dims))))


def _product(node: OnnxNode, inputs: list[Constant]) -> Constant:
    if len(inputs[0].dims) > 1:
        raise ValueError("only lists are multiplied up")
    value = math.prod(_values(inputs[0]))
    return Constant((1,) if node.attributes.get("keepdims", 1) else (), (value,))


def _cast(node: OnnxNode, inputs: list[Constant]) -> Constant:
    whole = node.attributes.get("to") in (2, 3, 4, 5, 6, 7, 12, 13)
    convert: Callable[[Any], Any] = int if whole else bool if node.attributes.get("to") == 9 else float
    return Constant(inputs[0].dims, tuple(convert(value) for value in _values(inputs[0])))


def _same(node: OnnxNode, inputs: list[Constant]) -> Constant:
    return inputs[0]


_RULES: Mapping[str, Callable[[OnnxNode, list[Constant]], Constant]] = MappingProxyType({
    "Add": _elementwise(operator.add), "Sub": _elementwise(operator.sub), "Mul": _elementwise(operator.mul),
    "Div": _elementwise(_divide), "Mod": _elementwise(operator.mod), "Neg": _elementwise(operator.neg),
    "Floor": _elementwise(math.floor), "Ceil": _elementwise(math.ceil), "Sqrt": _elementwise(math.sqrt),
    "Abs": _elementwise(abs), "Min": _elementwise(min), "Max": _elementwise(max), "Equal": _elementwise(operator.eq),
    "Greater": _elementwise(operator.gt), "Less": _elementwise(operator.lt), "Not": _elementwise(operator.not_),
    "GreaterOrEqual": _elementwise(operator.ge), "LessOrEqual": _elementwise(operator.le),
    "And": _elementwise(lambda a, b: a and b), "Or": _elementwise(lambda a, b: a or b),
    "Where": _elementwise(lambda condition, a, b: a if condition else b), "Gather": _gather, "Concat": _concat,
    "Slice": _slice, "Unsqueeze": _unsqueeze, "Squeeze": _squeeze, "Reshape": _reshape, "Cast": _cast,
    "ConstantOfShape": _constant_of_shape, "Range": _range, "Expand": _expand, "ReduceProd": _product,
    "Identity": _same,
})  # fmt: skip
"""By the operator's name. Those whose rule is a function of one number apply it to each element."""
