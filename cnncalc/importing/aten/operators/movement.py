"""Operators that give the same numbers other axes."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from cnncalc.importing.aten.conversion import AtenCall, AtenValue
from cnncalc.importing.aten.operators import operator
from cnncalc.importing.tensors import movement
from cnncalc.importing.tensors.tensor import NotSaid, TapeTensor


@operator("view", "reshape", "_unsafe_view", "view_as", "reshape_as", "flatten", "unflatten")
def reshape(call: AtenCall, x: AtenValue, *arguments: Any, **keywords: Any) -> TapeTensor:
    """To the sizes that PyTorch gives."""
    if prod(call.dims) != prod(x.dims):
        raise NotSaid("a view of another type of numbers")
    return movement.reshape(call.tape, x, call.dims)


@operator("permute")
def permute(call: AtenCall, x: AtenValue, dims: Sequence[int]) -> TapeTensor:
    return movement.permute(call.tape, x, dims)


@operator("transpose", "swapaxes", "swapdims")
def transpose(call: AtenCall, x: AtenValue, dim0: int, dim1: int) -> TapeTensor:
    return movement.transpose(call.tape, x, dim0, dim1)


@operator("t", "numpy_T", "mT", "adjoint")
def transposed(call: AtenCall, x: AtenValue) -> TapeTensor:
    order = list(range(len(x.dims)))
    order = order[::-1] if call.node.operator in ("aten.t", "aten.numpy_T") else [*order[:-2], *order[:-3:-1]]
    return movement.permute(call.tape, x, order)


@operator("movedim", "moveaxis")
def movedim(call: AtenCall, x: AtenValue, source: Any, destination: Any) -> TapeTensor:
    rank = len(x.dims)
    sources, places = ([each] if isinstance(each, int) else each for each in (source, destination))
    fixed = {place % rank: axis % rank for axis, place in zip(sources, places, strict=True)}
    others = iter([axis for axis in range(rank) if axis not in fixed.values()])
    return movement.permute(call.tape, x, [fixed[place] if place in fixed else next(others) for place in range(rank)])


@operator("squeeze")
def squeeze(call: AtenCall, x: AtenValue, dim: Any = None) -> TapeTensor:
    return movement.squeeze(call.tape, x, [dim] if isinstance(dim, int) else dim)


@operator("unsqueeze")
def unsqueeze(call: AtenCall, x: AtenValue, dim: int) -> TapeTensor:
    return movement.unsqueeze(call.tape, x, dim)


@operator("expand", "expand_as", "broadcast_to")
def expand(call: AtenCall, x: AtenValue, *arguments: Any, **keywords: Any) -> TapeTensor:
    return movement.expand(call.tape, x, call.dims)


@operator("copy")
def copy(call: AtenCall, x: AtenValue, source: AtenValue, *arguments: Any) -> TapeTensor:
    """The second operand, in the sizes of the first, which it replaces."""
    return movement.expand(call.tape, source, call.dims)


@operator("repeat", "tile")
def repeat(call: AtenCall, x: AtenValue, repeats: Sequence[int]) -> TapeTensor:
    times = [*[1] * (len(x.dims) - len(repeats)), *repeats]
    return movement.repeat(call.tape, x, times)


@operator("repeat_interleave")
def repeat_interleave(
    call: AtenCall, x: AtenValue, repeats: Any, dim: int | None = None, output_size: int | None = None
) -> TapeTensor:  # fmt: skip
    if not isinstance(repeats, int) or dim is None:
        raise NotSaid("numbers of repetitions that are computed")
    return movement.repeat_interleave(call.tape, x, repeats, dim)
