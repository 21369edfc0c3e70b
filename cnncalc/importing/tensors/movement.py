"""Operations that give the same numbers other axes: reshape, permute, squeeze, unsqueeze, expand, repeat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.tensors.cuts import cuts_samples
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import BatchAxis, NotSaid, Operand, TapeTensor


def resolved(sizes: Sequence[int], elements: int) -> Shape:
    """Sizes of which one may be -1. Raises NotSaid if they do not give the number of elements."""
    known = prod(size for size in sizes if size != -1)
    found = tuple(elements // known if size == -1 and known else size for size in sizes)
    if prod(found) != elements:
        raise NotSaid("a reshape that changes the number of elements")
    return found


def reshape(tape: Tape, x: Operand, sizes: Sequence[int]) -> TapeTensor:
    """The same elements in the same order. The batch may become part of an axis, or alone again."""
    x = tape.tensor(x)
    dims = resolved(sizes, prod(x.dims))
    made = to_sample(tape, x, dims, batch_after(tape, x, dims))
    return replace(made, cut=made.name) if cuts_samples(x, made) else made


def batch_after(tape: Tape, x: TapeTensor, dims: Shape) -> BatchAxis | None:
    """The batch's axis after a reshape. Raises NotSaid if it is cut."""
    if x.batch is None:
        return BatchAxis(0) if x.free and len(dims) > 1 and dims[0] == 1 else None
    axis, outer, inner = x.batch
    size = x.dims[axis] // x.batch.factor
    if size == 1 and x.free:
        return BatchAxis(0) if axis == 0 and dims[:1] == (1,) else None
    before, after = prod(x.dims[:axis]) * outer, prod(x.dims[axis + 1 :]) * inner
    found = []
    for place, length in enumerate(dims):
        left, right = prod(dims[:place]), prod(dims[place + 1 :])
        if left and right and before % left == 0 and after % right == 0:
            batch = BatchAxis(place, before // left, after // right)
            if length == size * batch.factor:
                found.append(batch)
    if not found:
        raise NotSaid("a reshape that cuts the batch apart")
    return min(found, key=lambda each: (_strangeness(x, dims, each), each.axis))


def _strangeness(x: TapeTensor, dims: Shape, batch: BatchAxis) -> int:
    """The doubts about one of several places of a batch of one after a reshape.

    Between two axes it may belong to either. Programs merge it into heads when they split the features after it,
    (L, B, h·d) to (L, B·h, d), or when they merge positions, (T, B, H, W, d) to (T, B·H·W, d), and else into the axis
    before it, (L, B, h, d) to (L·B, h·d).
    """
    assert x.batch is not None
    if batch.factor == 1:
        return int(batch.axis != x.batch.axis)
    axes_after = x.rank - x.batch.axis - (0 if x.batch.inner > 1 else 1)
    if batch.inner == 1:
        return 2 + int(len(dims) - batch.axis - 1 > axes_after)
    if batch.outer == 1:
        if batch.axis == len(dims) - 2 and dims[-1] == x.dims[-1] and axes_after > 2:
            return 1
        return 2 + int(len(dims) - batch.axis <= axes_after)
    return 2


def to_sample(tape: Tape, x: TapeTensor, dims: Shape, batch: BatchAxis | None) -> TapeTensor:
    """A tensor with other sizes in the program: as it is where its layer's output stays, else after a layer."""
    made = x.with_dims(dims, batch)
    old, new = x.sample, made.sample
    if old == new:
        return made
    type, arguments = _moving(old, new, parts=tape.convention != "onnx")
    return tape.append(type, arguments, [x], dims, batch)


def _moving(old: Shape, new: Shape, *, parts: bool) -> tuple[str, dict[str, Any]]:
    """The layer that turns one shape into another of the same elements, the plainest one.

    `parts` is whether some of the axes can be flattened.
    """
    if len(new) == 1 and len(old) > 2:  # an image as a vector
        return "flatten", {}
    if (places := _ones(new, old)) is not None:
        return "squeeze", {"axis": _one_or_all(places)}
    if (places := _ones(old, new)) is not None:
        return "unsqueeze", {"axis": _one_or_all(places)}
    if len(new) == 1 and len(old) > 1:
        return "flatten", {}
    merged = len(old) - len(new) + 1
    for start in range(len(new)) if merged > 1 and parts else ():
        if old[:start] == new[:start] and old[start + merged :] == new[start + 1 :]:
            return "flatten", {"start": start + 1, "end": start + merged}
    return "reshape", {"shape": list(new) or "scalar"}


def _ones(short: Shape, long: Shape) -> list[int] | None:
    """The axes of size 1, from 1, that a shape has beyond another one; None if it differs otherwise."""
    if len(long) <= len(short):
        return None
    places, rest = [], list(short)
    for place, size in enumerate(long, 1):
        left = len(long) - place + 1
        if rest and rest[0] == size and not (size == 1 and left > len(rest)):
            del rest[0]
        elif size == 1:
            places.append(place)
        else:
            return None
    return None if rest else places


def _one_or_all(places: list[int]) -> int | list[int]:
    return places[0] if len(places) == 1 else places


def permute(tape: Tape, x: Operand, order: Sequence[int]) -> TapeTensor:
    """The axes in another order. Moving only the batch adds no layer."""
    x = tape.tensor(x)
    places = [axis % x.rank for axis in order]
    if sorted(places) != list(range(x.rank)):
        raise NotSaid("an order that does not name every axis once")
    dims = tuple(x.dims[place] for place in places)
    batch = x.batch and x.batch._replace(axis=places.index(x.batch.axis))
    kept = [x.axis(place) for place in places if x.keeps_axis or x.batch is None or place != x.batch.axis]
    if kept == sorted(kept):
        return x.with_dims(dims, batch)
    return tape.append("permute", {"order": kept}, [x], dims, batch)


def transpose(tape: Tape, x: Operand, first: int, second: int) -> TapeTensor:
    """Two axes swapped."""
    order = list(range(len(x.dims)))
    first, second = (axis % max(len(order), 1) for axis in (first, second))
    order[first], order[second] = second, first
    return permute(tape, x, order)


def flatten(tape: Tape, x: Operand, start: int = 0, end: int = -1) -> TapeTensor:
    """The axes from `start` to `end` as one."""
    rank = max(len(x.dims), 1)
    dims = x.dims or (1,)
    start, end = start % rank, end % rank
    return reshape(tape, x, (*dims[:start], prod(dims[start : end + 1]), *dims[end + 1 :]))


def squeeze(tape: Tape, x: Operand, axes: Sequence[int] | None = None) -> TapeTensor:
    """Without axes of size 1: all, or those among `axes`."""
    x = tape.tensor(x)
    places = {axis % max(x.rank, 1) for axis in (range(x.rank) if axes is None else axes)}
    gone = {place for place in places if x.dims and x.dims[place] == 1}
    return without_axes(tape, x, gone)


def without_axes(tape: Tape, x: TapeTensor, gone: set[int]) -> TapeTensor:
    """A tensor without axes of size 1; the batch of an array that has no batch axis may be among them."""
    dims = tuple(size for place, size in enumerate(x.dims) if place not in gone)
    batch = x.batch
    if batch is not None:
        below = sum(place < batch.axis for place in gone)
        batch = None if batch.axis in gone else batch._replace(axis=batch.axis - below)
    return to_sample(tape, x, dims, batch)


def unsqueeze(tape: Tape, x: Operand, axis: int) -> TapeTensor:
    """With a new axis of size 1 at `axis` of the result."""
    x = tape.tensor(x)
    place = axis % (x.rank + 1)
    dims = (*x.dims[:place], 1, *x.dims[place:])
    batch = x.batch
    if batch is not None and place <= batch.axis:
        batch = batch._replace(axis=batch.axis + 1)
    if batch is None and x.free and place == 0 and x.dims:
        batch = BatchAxis(0)
    return to_sample(tape, x, dims, batch)


def expand(tape: Tape, x: Operand, sizes: Sequence[int]) -> TapeTensor:
    """Axes of size 1 repeated, -1 for those that stay; missing first axes are added.

    An array without a batch gets copies for the batch without a layer, as every layer repeats it anyway.
    """
    x = tape.tensor(x)
    missing = len(sizes) - x.rank
    padded = (*[1] * missing, *x.dims)
    dims = tuple(old if new == -1 else new for old, new in zip(padded, sizes, strict=True))
    x, padded = _copied(tape, x, padded, dims)
    if padded == dims:
        return x
    made = x.with_dims(dims, x.batch)
    return tape.append("expand", {"size": list(made.sample)}, [x], dims, x.batch)


def repeat(tape: Tape, x: Operand, times: Sequence[int]) -> TapeTensor:
    """The whole tensor repeated along each axis, as `Tensor.repeat`; missing first axes are added."""
    x = tape.tensor(x)
    missing = len(times) - x.rank
    before = (*[1] * missing, *x.dims)
    dims = tuple(size * count for size, count in zip(before, times, strict=True))
    x, padded = _copied(tape, x, before, dims)
    if padded == dims:
        return x
    counts = [new // old for old, new in zip(padded, dims, strict=True)]
    if x.batch is not None and counts[x.batch.axis] != 1:
        raise NotSaid("a batch that is repeated")
    own = [count for place, count in enumerate(counts) if x.keeps_axis or x.batch is None or place != x.batch.axis]
    return tape.append("tile", {"repeats": own}, [x], dims, x.batch)


def _copied(tape: Tape, x: TapeTensor, padded: Shape, dims: Shape) -> tuple[TapeTensor, Shape]:
    """A tensor with first axes of 1, and its sizes; an array also with the copies for the batch that `dims` has."""
    batch = x.batch and x.batch._replace(axis=x.batch.axis + len(padded) - x.rank)
    if not x.free or (batch is not None and batch.factor > 1):
        return to_sample(tape, x, padded, batch), padded
    grown = [place for place, (old, new) in enumerate(zip(padded, dims, strict=True)) if old == 1 and new == tape.batch]
    if grown and (batch is None or dims[batch.axis] == 1):
        batch = BatchAxis(grown[0])
    if batch is not None and dims[batch.axis] not in (padded[batch.axis], tape.batch):
        batch = None  # its first axis of 1 is not the batch
    if batch is not None:
        padded = (*padded[: batch.axis], dims[batch.axis], *padded[batch.axis + 1 :])
    return to_sample(tape, x, padded, batch), padded


def repeat_interleave(tape: Tape, x: Operand, times: int, axis: int) -> TapeTensor:
    """Every position of an axis several times in a row. Along the batch, an axis is merged into it."""
    x = tape.tensor(x)
    place = axis % x.rank
    dims = (*x.dims[:place], x.dims[place] * times, *x.dims[place + 1 :])
    if x.batch is not None and place == x.batch.axis:
        wide = unsqueeze(tape, x, place + 1)
        grown = expand(tape, wide, [times if each == place + 1 else -1 for each in range(wide.rank)])
        return reshape(tape, grown, dims)
    return tape.append("repeat_interleave", {"repeats": times, "axis": x.axis(place)}, [x], dims, x.batch)
