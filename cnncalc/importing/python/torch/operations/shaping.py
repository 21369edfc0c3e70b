"""Functions that give the same numbers other axes."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from types import MappingProxyType

from cnncalc.diagnostics import Refusal
from cnncalc.importing.python.torch.operations import FunctionRow, TorchCall
from cnncalc.importing.python.torch.problems import maker, suspect_cut, wrong_reshape
from cnncalc.importing.tensors import lookup, movement, parts, tied
from cnncalc.importing.tensors.tensor import NotSaid, Operand, TapeArray


def _is_made(x: Operand) -> bool:
    """Whether an array is fixed, so that nobody needs its numbers."""
    return isinstance(x, TapeArray) and not x.learned


def reshape(call: TorchCall) -> object:
    x, sizes = call.tensor(), call.integers("shape")
    if _is_made(x):
        return TapeArray(movement.resolved(sizes, prod(x.dims)))
    known = prod(size for size in sizes if size != -1)
    elements = prod(x.dims)
    if sizes.count(-1) > 1 or not known or (elements % known if -1 in sizes else elements != known):
        wrong_reshape(call, x, sizes)
    made = movement.reshape(call.tape, x, sizes)
    suspect_cut(call, x, made)
    return made


def like_other(call: TorchCall) -> object:
    return movement.reshape(call.tape, call.tensor(), call.tensor("other").dims)


def flatten(call: TorchCall) -> object:
    x = call.tensor()
    start, end = call.integer("start_dim", 0), call.integer("end_dim", -1)
    if _is_made(x):
        rank = len(x.dims)
        first, last = start % rank, end % rank
        return TapeArray((*x.dims[:first], prod(x.dims[first : last + 1]), *x.dims[last + 1 :]))
    return movement.flatten(call.tape, x, start, end)


def unflatten(call: TorchCall) -> object:
    x, sizes = call.tensor(), call.integers("sizes")
    place = call.integer("dim") % len(x.dims)
    inner = movement.resolved(sizes, x.dims[place])
    return movement.reshape(call.tape, x, (*x.dims[:place], *inner, *x.dims[place + 1 :]))


def permute(call: TorchCall) -> object:
    x, order = call.tensor(), call.integers("dims")
    if _is_made(x):
        return TapeArray(tuple(x.dims[axis] for axis in order))
    if len(order) != len(x.dims):
        written = ", ".join(map(str, order))
        message = f"permute({written}) names {len(order)} axes of {len(x.dims)}, the batch among them"
        raise Refusal(f"{message}; {maker(call.tracing, x)}", code="E303")
    return movement.permute(call.tape, x, order)


def transpose(call: TorchCall) -> object:
    x, first, second = call.tensor(), call.integer("dim0"), call.integer("dim1")
    if (first - second) % 2 and (found := tied.turned(call.tape, x)) is not None:
        return found
    return movement.transpose(call.tape, x, first, second)


def transposed(call: TorchCall) -> object:
    """`x.t()` and `x.T`."""
    if (found := tied.turned(call.tape, call.tensor())) is not None:
        return found
    return movement.transpose(call.tape, call.tensor(), 0, 1)


def matrix_transposed(call: TorchCall) -> object:
    """`x.mT`."""
    if (found := tied.turned(call.tape, call.tensor())) is not None:
        return found
    return movement.transpose(call.tape, call.tensor(), -2, -1)


def moved(call: TorchCall) -> object:
    x = call.tensor()
    rank = len(x.dims)
    sources = [axis % rank for axis in call.integers("source")]
    targets = [axis % rank for axis in call.integers("destination")]
    order = [axis for axis in range(rank) if axis not in sources]
    for target, source in sorted(zip(targets, sources, strict=True)):
        order.insert(target, source)
    return movement.permute(call.tape, x, order)


def squeeze(call: TorchCall) -> object:
    axes = None if call.get("dim") is None else call.integers("dim")
    x = call.tensor()
    if _is_made(x):
        places = {axis % len(x.dims) for axis in (range(len(x.dims)) if axes is None else axes)}
        return TapeArray(tuple(size for place, size in enumerate(x.dims) if place not in places or size != 1))
    return movement.squeeze(call.tape, x, axes)


def unsqueeze(call: TorchCall) -> object:
    x, axis = call.tensor(), call.integer("dim")
    if _is_made(x):
        place = axis % (len(x.dims) + 1)
        return TapeArray((*x.dims[:place], 1, *x.dims[place:]))
    return movement.unsqueeze(call.tape, x, axis)


def expand(call: TorchCall) -> object:
    return expanded(call, call.integers("size"))


def expand_as(call: TorchCall) -> object:
    return expanded(call, call.tensor("other").dims)


def expanded(call: TorchCall, sizes: tuple[int, ...] | list[int]) -> object:
    x = call.tensor()
    if _is_made(x):
        padded = (*[1] * (len(sizes) - len(x.dims)), *x.dims)
        return TapeArray(tuple(old if new == -1 else new for old, new in zip(padded, sizes, strict=True)))
    return movement.expand(call.tape, x, sizes)


def repeat(call: TorchCall) -> object:
    x, times = call.tensor(), call.integers("repeats")
    if len(times) < len(x.dims):
        times = [*[1] * (len(x.dims) - len(times)), *times]
    if _is_made(x):
        padded = (*[1] * (len(times) - len(x.dims)), *x.dims)
        return TapeArray(tuple(size * count for size, count in zip(padded, times, strict=True)))
    return movement.repeat(call.tape, x, times)


def windows_along(call: TorchCall) -> object:
    """`x.unfold(dimension, size, step)`: windows side by side along an axis, whose places become a last axis."""
    x, size, step = call.tensor(), call.integer("size"), call.integer("step")
    place = call.integer("dimension") % len(x.dims)
    if size != step or x.dims[place] % size:
        return _windows(call, place, size, step)
    y = movement.reshape(call.tape, x, (*x.dims[:place], x.dims[place] // size, size, *x.dims[place + 1 :]))
    order = [axis for axis in range(len(y.dims)) if axis != place + 1]
    return movement.permute(call.tape, y, [*order, place + 1])


def _windows(call: TorchCall, place: int, size: int, step: int) -> object:
    """Windows that overlap or leave a rest: a view, which no layer type is."""
    x = call.tape.tensor(call.tensor())
    x.single(place)
    if not 0 < size <= x.dims[place] or step < 1:
        raise NotSaid(f"windows of {size} in steps of {step} along an axis of {x.dims[place]}")
    count = (x.dims[place] - size) // step + 1
    return call.tape.opaque([x], (*x.dims[:place], count, *x.dims[place + 1 :], size), x.batch)


def repeat_interleave(call: TorchCall) -> object:
    if call.get("dim") is None:
        raise NotSaid("repetitions of all numbers")
    return movement.repeat_interleave(call.tape, call.tensor(), call.integer("repeats"), call.integer("dim"))


def narrow(call: TorchCall) -> object:
    start, length = call.integer("start"), call.integer("length")
    return parts.slice_(call.tape, call.tensor(), call.integer("dim"), start, start + length)


def select(call: TorchCall) -> object:
    return parts.select(call.tape, call.tensor(), call.integer("dim"), call.integer("index"))


def index_select(call: TorchCall) -> object:
    x, places = call.tensor(), call.tensor("index")
    axis = call.integer("dim") % len(x.dims)
    if isinstance(x, TapeArray) and not x.learned:
        return TapeArray((*x.dims[:axis], *places.dims, *x.dims[axis + 1 :]))
    return lookup.index(call.tape, x, [*[None] * axis, places])


FUNCTIONS: Mapping[str, FunctionRow] = MappingProxyType({
    "view": ("input! *shape!", reshape), "reshape": ("input! *shape!", reshape),
    "view_as": ("input! other!", like_other), "reshape_as": ("input! other!", like_other),
    "flatten": ("input! start_dim end_dim", flatten), "ravel": ("input!", flatten),
    "unflatten": ("input! dim! sizes!", unflatten),
    "permute": ("input! *dims!", permute), "transpose": ("input! dim0! dim1!", transpose),
    "swapaxes": ("input! dim0! dim1!", transpose), "swapdims": ("input! dim0! dim1!", transpose),
    "t": ("input!", transposed), "T": ("input!", transposed), "mT": ("input!", matrix_transposed),
    "movedim": ("input! source! destination!", moved), "moveaxis": ("input! source! destination!", moved),
    "squeeze": ("input! dim", squeeze), "unsqueeze": ("input! dim!", unsqueeze),
    "expand": ("input! *size!", expand), "expand_as": ("input! other!", expand_as),
    "broadcast_to": ("input! *size!", expand), "repeat": ("input! *repeats!", repeat),
    "tile": ("input! *repeats!", repeat),
    "repeat_interleave": ("input! repeats! dim output_size", repeat_interleave),
    "windows_along": ("input! dimension! size! step!", windows_along),
    "narrow": ("input! dim! start! length!", narrow), "select": ("input! dim! index!", select),
    "index_select": ("input! dim! index!", index_select),
})  # fmt: skip
