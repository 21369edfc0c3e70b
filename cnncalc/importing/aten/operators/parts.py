"""Parts of a tensor, and tensors put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cnncalc.importing.aten.conversion import AtenCall, AtenValue
from cnncalc.importing.aten.operators import operator
from cnncalc.importing.tensors import lookup, parts
from cnncalc.importing.tensors.tensor import NotSaid, TapeArray, TapeTensor


@operator("slice")
def slice_(
    call: AtenCall, x: AtenValue, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> TapeTensor:  # fmt: skip
    return parts.slice_(call.tape, x, dim, start, end, step)


@operator("narrow")
def narrow(call: AtenCall, x: AtenValue, dim: int, start: int, length: int) -> TapeTensor:
    return parts.slice_(call.tape, x, dim, start, start + length)


@operator("select")
def select(call: AtenCall, x: AtenValue, dim: int, index: int) -> TapeTensor:
    return parts.select(call.tape, x, dim, index)


@operator("index_select")
def index_select(call: AtenCall, x: AtenValue, dim: int, index: AtenValue) -> TapeTensor:
    return lookup.index(call.tape, x, [*[None] * (dim % len(x.dims)), index])


@operator("index")
def index(call: AtenCall, x: AtenValue, indices: Sequence[AtenValue]) -> TapeTensor:
    return lookup.index(call.tape, x, indices)


@operator("split", "split_with_sizes", "chunk", "unsafe_split", "unsafe_chunk", "tensor_split")
def split(call: AtenCall, x: AtenValue, sizes: Any, dim: int = 0) -> list[TapeTensor]:
    """In parts of the sizes that PyTorch gives."""
    place = dim % len(x.dims)
    return parts.split(call.tape, x, place, [each[place] for each in call.node.outputs if each is not None])


@operator("unbind")
def unbind(call: AtenCall, x: AtenValue, dim: int = 0) -> list[TapeTensor]:
    return parts.unbind(call.tape, x, dim)


@operator("cat", "concat", "concatenate")
def concat(call: AtenCall, tensors: Sequence[AtenValue], dim: int = 0) -> TapeTensor:
    return parts.concat(call.tape, tensors, dim)


@operator("stack")
def stack(call: AtenCall, tensors: Sequence[AtenValue], dim: int = 0) -> TapeTensor:
    return parts.stack(call.tape, tensors, dim)


@operator("roll")
def roll(call: AtenCall, x: AtenValue, shifts: Any, dims: Any = ()) -> TapeTensor:
    moves, axes = ([each] if isinstance(each, int) else list(each) for each in (shifts, dims))
    return parts.roll(call.tape, x, moves, axes)


@operator("flip")
def flip(call: AtenCall, x: AtenValue, dims: Sequence[int]) -> TapeTensor:
    return parts.flip(call.tape, x, dims)


@operator("pad")
def pad(
    call: AtenCall, x: AtenValue, pad: Sequence[int], mode: str = "constant", value: float | None = None
) -> TapeTensor:  # fmt: skip
    """PyTorch lists two numbers for each axis, the last axis first."""
    pairs = [(pad[place], pad[place + 1]) for place in range(0, len(pad), 2)][::-1]
    return parts.pad(call.tape, x, [*[(0, 0)] * (len(x.dims) - len(pairs)), *pairs], mode, value or 0)


@operator("constant_pad_nd")
def constant_pad(call: AtenCall, x: AtenValue, padding: Sequence[int], value: float = 0) -> TapeTensor:
    return pad(call, x, padding, "constant", value)


@operator("reflection_pad1d", "reflection_pad2d", "reflection_pad3d")
def reflection_pad(call: AtenCall, x: AtenValue, padding: Sequence[int]) -> TapeTensor:
    return pad(call, x, padding, "reflect")


@operator("replication_pad1d", "replication_pad2d", "replication_pad3d")
def replication_pad(call: AtenCall, x: AtenValue, padding: Sequence[int]) -> TapeTensor:
    return pad(call, x, padding, "replicate")


@operator("embedding")
def embedding(call: AtenCall, weight: AtenValue, indices: AtenValue, *arguments: Any) -> TapeTensor:
    return lookup.embed(call.tape, weight, indices)


@operator("gather")
def gather(call: AtenCall, x: AtenValue, dim: int, index: AtenValue) -> TapeTensor:
    if not isinstance(index, TapeArray) or len(x.dims) != 1:
        raise NotSaid("positions that are computed")
    return lookup.index(call.tape, x, [index])
