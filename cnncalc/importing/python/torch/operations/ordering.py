"""Sorting: `sort`, `topk`, `median`. They are opaque, since no layer type sorts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.python.torch.operations import FunctionRow, TorchCall
from cnncalc.importing.tensors import reductions
from cnncalc.importing.tensors.tensor import BatchAxis, NotSaid, TapeArray, TapeTensor, ValuesAndIndices


def _ordered(call: TorchCall, x: TapeTensor, dims: Shape, batch: BatchAxis | None) -> ValuesAndIndices:
    return ValuesAndIndices(call.tape.opaque([x], dims, batch), TapeArray(dims))


def sort(call: TorchCall) -> object:
    x = call.tape.tensor(call.tensor())
    x.single(call.integer("dim", -1))
    return _ordered(call, x, x.dims, x.batch)


def topk(call: TorchCall) -> object:
    """The k largest values of an axis, in order."""
    x, axis, count = call.tape.tensor(call.tensor()), call.integer("dim", -1), call.integer("k")
    x.single(axis)
    place = axis % x.rank
    if not 0 < count <= x.dims[place]:
        raise NotSaid(f"the {count} largest of {x.dims[place]} values")
    return _ordered(call, x, (*x.dims[:place], count, *x.dims[place + 1 :]), x.batch)


def middle(call: TorchCall) -> object:
    """The median, or another value by its place in the order, along an axis."""
    if call.get("dim") is None and call.word == "median":
        raise NotSaid("the median of the whole batch")
    x, axis = call.tape.tensor(call.tensor()), call.integer("dim", -1)
    x.single(axis)
    return _ordered(call, x, *reductions.reduced(x, [axis % x.rank], keep=bool(call.get("keepdim", False))))


FUNCTIONS: Mapping[str, FunctionRow] = MappingProxyType({
    "sort": ("input! dim descending stable", sort), "topk": ("input! k! dim largest sorted", topk),
    "median": ("input! dim keepdim", middle), "kthvalue": ("input! k! dim keepdim", middle),
    "mode": ("input! dim keepdim", middle),
})  # fmt: skip
