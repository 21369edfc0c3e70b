"""Arithmetic of elements: sums and products with broadcasting, with plain numbers, and functions of one element."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite, prod
from types import MappingProxyType
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.tensors.movement import to_sample
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import BatchAxis, NotSaid, Operand, TapeTensor
from cnncalc.number_text import decimal

_DIGITS = 7


def function(tape: Tape, type: str, x: Operand, **arguments: Any) -> TapeTensor:
    """A function of each element, `relu`, `sigmoid`, or any layer that keeps the sizes."""
    return tape.same(type, arguments, tape.tensor(x))


def combine(tape: Tape, type: str, values: Sequence[Operand], **arguments: Any) -> TapeTensor:
    """A merge of tensors element by element, `add`, `multiply`, with NumPy's broadcasting."""
    aligned, dims, batch = align(tape, values)
    return tape.append(type, arguments, aligned, dims, batch)


def scaled(tape: Tape, x: Operand, scale: float = 1, shift: float = 0) -> TapeTensor:
    """The elements times a number, plus a number; without a layer if neither changes them."""
    x = tape.tensor(x)
    if scale == 1 and shift == 0:
        return x
    arguments: dict[str, Any] = {"scale": plain(scale)}
    if shift != 0:
        arguments["offset"] = plain(shift)
    return tape.same("rescaling", arguments, x)


def raised(tape: Tape, x: Operand, exponent: float) -> TapeTensor:
    """The elements to a power."""
    x = tape.tensor(x)
    types: Mapping[float, str] = MappingProxyType({2: "square", 0.5: "sqrt", -0.5: "rsqrt", -1: "reciprocal"})
    if exponent in types:
        return tape.same(types[exponent], {}, x)
    return x if exponent == 1 else tape.same("power", {"exponent": float(exponent)}, x)


def clamped(tape: Tape, x: Operand, low: float | None, high: float | None) -> TapeTensor:
    """The elements limited to a range."""
    x = tape.tensor(x)
    if low == 0 and high in (None, 6):
        return tape.same("relu" if high is None else "relu6", {}, x)
    bounds = {name: plain(value) for name, value in (("low", low), ("high", high)) if value is not None}
    return tape.same("clip", bounds, x)


def plain(value: float) -> float:
    """A number with the seven digits that 32 bits hold, whole where it is."""
    if not isfinite(value):
        return value
    value = float(decimal(value, _DIGITS))
    return int(value) if value == int(value) else value


# --- broadcasting --------------------------------------------------------------------------------------------------


def broadcast(shapes: Sequence[Shape]) -> Shape:
    """The sizes of several shapes together. Raises NotSaid if they differ."""
    rank = max(map(len, shapes))
    sizes = []
    for column in zip(*((1,) * (rank - len(shape)) + tuple(shape) for shape in shapes), strict=True):
        found = {size for size in column if size != 1}
        if len(found) > 1:
            raise NotSaid("sizes that do not broadcast")
        sizes.append(found.pop() if found else 1)
    return tuple(sizes)


def align(tape: Tape, values: Sequence[Operand]) -> tuple[list[TapeTensor], Shape, BatchAxis | None]:
    """Tensors whose layers' outputs broadcast as the program's do, the sizes of the result, and its batch.

    Raises NotSaid if their batches are at different places.
    """
    tensors = [tape.tensor(each) for each in values]
    dims = broadcast([each.dims for each in tensors])
    rank = len(dims)
    carriers = [each for each in tensors if not each.free]
    batches = {each.batch and each.batch._replace(axis=each.batch.axis + rank - each.rank) for each in carriers}
    if not carriers:
        batches = {_batch_of_arrays(tensors, rank)}
    if len(batches) > 1:
        raise NotSaid("batches at different places")
    batch = batches.pop()
    return [fitted(tape, each, rank, batch) for each in tensors], dims, batch


def _batch_of_arrays(tensors: Sequence[TapeTensor], rank: int) -> BatchAxis | None:
    """The batch of arrays without a batch axis: where all those that have one, have it."""
    found = {each.batch and each.batch._replace(axis=each.batch.axis + rank - each.rank) for each in tensors}
    found.discard(None)
    batch = found.pop() if len(found) == 1 else None
    padded = [(*[1] * (rank - each.rank), *each.dims) for each in tensors if each.batch is None]
    return batch if batch is None or all(dims[batch.axis] == 1 for dims in padded) else None


def fitted(tape: Tape, x: TapeTensor, rank: int, batch: BatchAxis | None) -> TapeTensor:
    """A tensor with `rank` axes and the batch at a place; an array may have fewer."""
    dims = (*[1] * (rank - x.rank), *x.dims)
    if not x.free:
        return x if x.rank == rank else to_sample(tape, x, dims, batch)
    if batch is None:
        return x if x.batch is None else to_sample(tape, x, x.dims, None)
    if dims[batch.axis] != 1 and not _has_copies(tape, x, dims, rank, batch):
        raise NotSaid("an array with one row for each sample")
    wanted = list(dims)
    if batch.factor == 1:
        del wanted[batch.axis]
    else:
        wanted[batch.axis] = x.with_dims(dims, batch).sample[batch.axis] if dims[batch.axis] != 1 else 1
    if _trimmed(tuple(wanted)) == _trimmed(x.sample):
        return x
    return _reshaped(tape, x, tuple(wanted))


def _has_copies(tape: Tape, x: TapeTensor, dims: Shape, rank: int, batch: BatchAxis) -> bool:
    """Whether an array's batch axis, copies for the batch, is the batch axis here."""
    return x.batch is not None and x.batch._replace(axis=x.batch.axis + rank - x.rank) == batch


def _trimmed(shape: Shape) -> Shape:
    """A shape without first axes of 1, which broadcasting adds by itself."""
    for place, size in enumerate(shape):
        if size != 1:
            return shape[place:]
    return ()


def _reshaped(tape: Tape, x: TapeTensor, sample: Shape) -> TapeTensor:
    if prod(sample) != prod(x.sample):
        raise NotSaid("an array whose copies differ from the batch")
    return to_sample(tape, x, sample, None)
