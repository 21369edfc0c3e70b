"""Functions that put tensors together and take them apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from cnncalc.diagnostics import Refusal
from cnncalc.importing.python.torch.operations import FunctionRow, TorchCall
from cnncalc.importing.python.torch.problems import unequal_parts
from cnncalc.importing.python.torch.tensor import TorchTensor, operand
from cnncalc.importing.tensors import parts
from cnncalc.importing.tensors.tensor import NotSaid, Operand, TapeArray
from cnncalc.source.values import Unfollowed

_MOST_PARTS = 1_000


def operands(call: TorchCall) -> list[Operand]:
    """The tensors of a list. Raises NotSaid."""
    values = call.get("tensors")
    if isinstance(values, TorchTensor):
        raise Refusal("takes a list of tensors", hint=f"write {call.word}([a, b], dim)", code="E111")
    if not isinstance(values, list | tuple):
        raise NotSaid("tensors that are not a list")
    for each in values:
        if isinstance(each, Unfollowed):
            raise NotSaid(each.reason)
    return [operand(call.tape, each) for each in values]


def cat(call: TorchCall) -> object:
    values = operands(call)
    axis = call.integer("dim", call.integer("axis", 0))
    place = axis % max(len(each.dims) for each in values)
    if not all(each.dims == (0,) or _fits(each, values[0], place) for each in values):
        unequal_parts(call, values, place)
        raise NotSaid("tensors of other sizes")
    if all(isinstance(each, TapeArray) and not each.learned and not each.name for each in values):
        total = sum(each.dims[place] for each in values)
        return TapeArray((*values[0].dims[:place], total, *values[0].dims[place + 1 :]))
    return parts.concat(call.tape, values, axis)


def side_by_side(axis: int) -> Callable[[TorchCall], object]:
    """`hstack` and `dstack`: one after another along an axis, of tensors that have it."""

    def said(call: TorchCall) -> object:
        if any(len(each.dims) <= axis for each in operands(call)):
            raise NotSaid(f"tensors with fewer than {axis + 1} axes")
        call.bound.values["dim"] = axis
        return cat(call)

    return said


def _fits(value: Operand, first: Operand, place: int) -> bool:
    one, other = list(value.dims), list(first.dims)
    if len(one) != len(other):
        return False
    del one[place], other[place]
    return one == other


def stack(call: TorchCall) -> object:
    values = operands(call)
    if any(each.dims != values[0].dims for each in values):
        unequal_parts(call, values, None)
        raise NotSaid("tensors of other sizes")
    return parts.stack(call.tape, values, call.integer("dim", 0))


def split(call: TorchCall) -> object:
    """Parts of a size, the last one smaller, or of the sizes of a list."""
    x, axis = call.tensor(), call.integer("dim", 0)
    size, given = x.dims[axis % len(x.dims)], call.get("split_size_or_sections")
    if isinstance(given, int):
        return _apart(call, x, axis, _sizes(size, given))
    return _apart(call, x, axis, call.integers("split_size_or_sections"))


def _apart(call: TorchCall, x: Operand, axis: int, sizes: list[int]) -> object:
    """Parts of a tensor, or of an array that the program makes, with their numbers."""
    if not isinstance(x, TapeArray) or x.learned or x.name:
        return parts.split(call.tape, x, axis, sizes)
    place = axis % len(x.dims)
    if sum(sizes) != x.dims[place]:
        raise NotSaid("parts that are not the whole axis")
    starts = [sum(sizes[:index]) for index in range(len(sizes))]
    known = x.values if len(x.dims) == 1 else None
    return [
        TapeArray((*x.dims[:place], size, *x.dims[place + 1 :]), values=known[start : start + size] if known else None)
        for start, size in zip(starts, sizes, strict=True)
    ]


def _sizes(size: int, part: int) -> list[int]:
    if part < 1 or size // part > _MOST_PARTS:
        raise NotSaid(f"parts of {part}")
    return [min(part, size - start) for start in range(0, size, part)]


def chunk(call: TorchCall) -> object:
    x, axis = call.tensor(), call.integer("dim", 0)
    size, count = x.dims[axis % len(x.dims)], max(call.integer("chunks"), 1)
    return _apart(call, x, axis, _sizes(size, -(-size // count)))


def tensor_split(call: TorchCall) -> object:
    """Parts that begin at given positions, or so many parts of nearly the same size."""
    x, axis, given = call.tensor(), call.integer("dim", 0), call.get("indices")
    size = x.dims[axis % len(x.dims)]
    if isinstance(given, int):
        if not 0 < given <= _MOST_PARTS:
            raise NotSaid(f"{given} parts")
        sizes = [size // given + (place < size % given) for place in range(given)]
    else:
        ends = [*call.integers("indices"), size]
        sizes = [end - start for start, end in zip([0, *ends], ends, strict=False)]
    return parts.split(call.tape, x, axis, sizes)


def unbind(call: TorchCall) -> object:
    x, axis = call.tensor(), call.integer("dim", 0)
    if x.dims[axis % len(x.dims)] > _MOST_PARTS:
        raise NotSaid("so many parts")
    return parts.unbind(call.tape, x, axis)


def roll(call: TorchCall) -> object:
    return parts.roll(call.tape, call.tensor(), call.integers("shifts"), call.integers("dims"))


def flip(call: TorchCall) -> object:
    return parts.flip(call.tape, call.tensor(), call.integers("dims"))


def pad(call: TorchCall) -> object:
    """`F.pad`: pairs for the last axes, the last one first."""
    x, amounts = call.tensor(), call.integers("pad")
    pairs = [(amounts[place], amounts[place + 1]) for place in range(0, len(amounts), 2)]
    whole = [(0, 0)] * (len(x.dims) - len(pairs)) + pairs[::-1]
    mode, value = call.get("mode", "constant"), call.get("value", 0)
    if not isinstance(mode, str) or not isinstance(value, int | float):
        raise NotSaid("padding that is computed")
    return parts.pad(call.tape, x, whole, mode, value)


FUNCTIONS: Mapping[str, FunctionRow] = MappingProxyType({
    "cat": ("tensors! dim axis", cat), "concat": ("tensors! dim axis", cat), "concatenate": ("tensors! dim axis", cat),
    "hstack": ("tensors!", side_by_side(1)), "dstack": ("tensors!", side_by_side(2)),
    "stack": ("tensors! dim", stack), "split": ("input! split_size_or_sections! dim", split),
    "split_with_sizes": ("input! split_size_or_sections! dim", split), "chunk": ("input! chunks! dim", chunk),
    "tensor_split": ("input! indices! dim", tensor_split), "unbind": ("input! dim", unbind),
    "roll": ("input! shifts! dims", roll), "flip": ("input! *dims", flip), "pad": ("input! pad! mode value", pad),
})  # fmt: skip
