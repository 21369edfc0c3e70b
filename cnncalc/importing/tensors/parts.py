"""Parts of a tensor, and tensors put together: slice, select, gather, split, concat, stack, roll, flip, pad."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.tensors.movement import reshape, to_sample, without_axes
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import BatchAxis, NotSaid, Operand, TapeTensor


def _with(dims: Shape, place: int, *sizes: int) -> Shape:
    """Sizes with others in place of one."""
    return (*dims[:place], *sizes, *dims[place + 1 :])


def slice_(tape: Tape, x: Operand, axis: int, start: int | None, stop: int | None, step: int = 1) -> TapeTensor:
    """A part of an axis, as in Python. Along the batch: everything, or whole samples of what was joined to it."""
    x = tape.tensor(x)
    place = axis % x.rank
    size = x.dims[place]
    first, last, _ = slice(start, stop, step).indices(size)
    count = len(range(first, last, step))
    if count == size and step == 1:
        return x
    if x.batch is not None and place == x.batch.axis:
        return _slice_of_batch(tape, x, first, last, step)
    arguments: dict[str, Any] = {"start": first, "stop": last, "axis": x.axis(place)}
    if step != 1:
        arguments["step"] = step
    return tape.append("slice", arguments, [x], _with(x.dims, place, count), x.batch)


def _slice_of_batch(tape: Tape, x: TapeTensor, first: int, last: int, step: int) -> TapeTensor:
    """A part of the samples that were joined before the batch; of an array with copies, fewer copies."""
    assert x.batch is not None
    axis, outer, inner = x.batch
    if x.free and x.batch.factor == 1:
        return x.with_dims(_with(x.dims, axis, len(range(first, last, step))), x.batch)
    size = x.dims[axis] // x.batch.factor
    one = size * inner
    if outer == 1 or step != 1 or first % one or last % one:
        raise NotSaid("a part of the batch")
    dims = (*x.dims[:axis], outer, one, *x.dims[axis + 1 :])
    apart = to_sample(tape, x, dims, BatchAxis(axis + 1, 1, inner))
    part = slice_(tape, apart, axis, first // one, last // one)
    return reshape(tape, part, _with(x.dims, axis, last - first))


def select(tape: Tape, x: Operand, axis: int, index: int) -> TapeTensor:
    """One position of an axis, which is removed."""
    x = tape.tensor(x)
    place = axis % x.rank
    index %= x.dims[place]
    if x.dims[place] == 1:
        return without_axes(tape, x, {place})
    batch = x.batch
    if batch is not None and place == batch.axis:
        if x.free and batch.factor == 1:
            return x.with_dims(_with(x.dims, place), None)
        raise NotSaid("one sample of the batch")
    if batch is not None and place < batch.axis:
        batch = batch._replace(axis=batch.axis - 1)
    return tape.append("gather", {"indices": index, "axis": x.axis(place)}, [x], _with(x.dims, place), batch)


def gather(tape: Tape, x: Operand, axis: int, indices: Sequence[int]) -> TapeTensor:
    """Several positions of an axis, in an order."""
    x = tape.tensor(x)
    place = axis % x.rank
    found = [index % x.dims[place] for index in indices]
    return tape.append(
        "gather", {"indices": found, "axis": x.single(place)}, [x], _with(x.dims, place, len(found)), x.batch
    )  # fmt: skip


def gather_any(tape: Tape, x: Operand, axis: int, sizes: Shape) -> TapeTensor:
    """Positions of an axis chosen by an array of indices, whose numbers do not matter; its sizes replace the axis."""
    x = tape.tensor(x)
    place = axis % x.rank
    count = 1
    for size in sizes:
        count *= size
    dims = _with(x.dims, place, count)
    flat = tape.append("gather", {"count": count, "axis": x.single(place)}, [x], dims, x.batch)
    return reshape(tape, flat, _with(x.dims, place, *sizes))


def split(tape: Tape, x: Operand, axis: int, sizes: Sequence[int]) -> list[TapeTensor]:
    """An axis in parts of given sizes: one layer with several outputs."""
    x = tape.tensor(x)
    place = axis % x.rank
    if len(sizes) == 1:
        return [x]
    if sum(sizes) != x.dims[place]:
        raise NotSaid("parts that are not the whole axis")
    if x.batch is not None and place == x.batch.axis:
        ends = [sum(sizes[: k + 1]) for k in range(len(sizes))]
        return [slice_(tape, x, place, end - size, end) for size, end in zip(sizes, ends, strict=True)]
    parts: Any = len(sizes) if len(set(sizes)) == 1 else list(sizes)
    arguments = {"parts": parts, "axis": x.axis(place)}
    return tape.several("split", arguments, x, [_with(x.dims, place, size) for size in sizes])


def unbind(tape: Tape, x: Operand, axis: int) -> list[TapeTensor]:
    """Every position of an axis, which is removed."""
    x = tape.tensor(x)
    place = axis % x.rank
    parts = split(tape, x, place, [1] * x.dims[place])
    return [without_axes(tape, each, {place}) for each in parts]


def concat(tape: Tape, values: Sequence[Operand], axis: int) -> TapeTensor:
    """Tensors one after the other along an axis. Along the batch, they become an axis before it."""
    tensors = [each for each in map(tape.tensor, values) if each.dims != (0,)]
    rank = max(each.rank for each in tensors)
    place = axis % rank
    if len(tensors) == 1:
        return tensors[0]
    batch = _common_batch(tensors)
    dims = _with(tensors[0].dims, place, sum(each.dims[place] for each in tensors))
    if batch is not None and place == batch.axis and not all(each.free for each in tensors):
        return _concat_of_batch(tape, tensors, batch, dims)
    if all(each.free for each in tensors) and batch is not None and place == batch.axis:
        tensors, batch = [to_sample(tape, each, each.dims, None) for each in tensors], None
    own = place + 1 if batch is None or place < batch.axis or batch.factor > 1 else place
    ready = [_with_batch(tape, each, batch, place) for each in tensors]
    arguments = {} if own == 1 and tape.layout == "CHW" else {"axis": own}
    return tape.append("concat", arguments, ready, dims, batch)


def _common_batch(tensors: Sequence[TapeTensor]) -> BatchAxis | None:
    """The batch of tensors that are put together. Raises NotSaid where it is at different places."""
    found = {each.batch for each in tensors if not each.free} or {each.batch for each in tensors}
    if len(found) > 1 and all(each.free for each in tensors):
        return None
    if len(found) > 1:
        raise NotSaid("batches at different places")
    return found.pop()


def _with_batch(tape: Tape, x: TapeTensor, batch: BatchAxis | None, place: int) -> TapeTensor:
    """A tensor, or an array without a batch, with as many axes as a sample."""
    if x.batch == batch or not x.free:
        return x
    if batch is None:
        return to_sample(tape, x, x.dims, None)
    if batch.factor > 1 or x.dims[batch.axis] != 1:
        raise NotSaid("an array beside a batch with other axes")
    return to_sample(tape, x, x.dims, batch)


def _concat_of_batch(tape: Tape, tensors: Sequence[TapeTensor], batch: BatchAxis, dims: Shape) -> TapeTensor:
    """Several batches in one: for a sample, a new axis before its own."""
    if batch.factor != 1 or len({each.dims for each in tensors}) > 1:
        raise NotSaid("different batches in one")
    joined = stack(tape, tensors, batch.axis)
    return to_sample(tape, joined, dims, BatchAxis(batch.axis, len(tensors), 1))


def stack(tape: Tape, values: Sequence[Operand], axis: int) -> TapeTensor:
    """Tensors of the same sizes along a new axis."""
    tensors = [tape.tensor(each) for each in values]
    batch = _common_batch(tensors)
    place = axis % (tensors[0].rank + 1)
    dims = (*tensors[0].dims[:place], len(tensors), *tensors[0].dims[place:])
    ready = [_with_batch(tape, each, batch, place) for each in tensors]
    own = place + 1
    if batch is not None and place > batch.axis and batch.factor == 1:
        own = place
    after = batch._replace(axis=batch.axis + 1) if batch is not None and place <= batch.axis else batch
    return tape.append("stack", {} if own == 1 else {"axis": own}, ready, dims, after)


def roll(tape: Tape, x: Operand, shifts: Sequence[int], axes: Sequence[int]) -> TapeTensor:
    """The positions of axes shifted cyclically."""
    x = tape.tensor(x)
    moved = [(shift, x.single(axis)) for shift, axis in zip(shifts, axes, strict=True) if shift % x.dims[axis]]
    if not moved:
        return x
    return tape.same("roll", {"shift": [each for each, _ in moved], "axis": [each for _, each in moved]}, x)


def flip(tape: Tape, x: Operand, axes: Sequence[int]) -> TapeTensor:
    """The positions of axes in reverse."""
    x = tape.tensor(x)
    return tape.same("flip", {"axis": [x.single(axis) for axis in axes]}, x)


_PADS: Mapping[str, str] = MappingProxyType({
    "constant": "zero_pad", "reflect": "reflection_pad", "replicate": "replication_pad", "circular": "circular_pad",
})  # fmt: skip


def pad(
    tape: Tape, x: Operand, amounts: Sequence[tuple[int, int]], mode: str = "constant", value: float = 0
) -> TapeTensor:  # fmt: skip
    """Numbers before and after each axis, one pair for each axis of the tensor; below 0 it is cut."""
    x = tape.tensor(x)
    grown = [place for place, pair in enumerate(amounts) if any(pair)]
    if not grown:
        return x
    dims = tuple(size + sum(pair) for size, pair in zip(x.dims, amounts, strict=True))
    axes = [x.single(place) for place in grown]
    spatial = list(range(2, len(x.sample) + 1)) if tape.layout == "CHW" else list(range(1, len(x.sample)))
    arguments: dict[str, Any] = {"amount": [list(amounts[place]) for place in grown]}
    if axes != spatial:
        if mode != "constant":
            places = dict(zip(axes, arguments["amount"], strict=True))
            if not set(axes) <= set(spatial):
                raise NotSaid(f"{mode} padding of other axes")
            arguments["amount"] = [places.get(axis, [0, 0]) for axis in spatial]
        else:
            arguments["axes"] = axes
    if value:
        arguments["value"] = value
    return tape.append(_PADS[mode], arguments, [x], dims, x.batch)
