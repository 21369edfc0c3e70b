"""Arrays read at positions: embeddings, and tensors indexed by arrays."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from cnncalc.importing.tensors.movement import reshape
from cnncalc.importing.tensors.parts import gather, gather_any
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import NotSaid, Operand, TapeArray, TapeTensor


def embed(tape: Tape, table: Operand, indices: Operand) -> TapeTensor:
    """A row of a learned table for each index. Indices that do not come from the input make it a part of the table."""
    if isinstance(indices, TapeArray) or indices.free:
        return gather_any(tape, table, 0, indices.dims)
    if not isinstance(table, TapeArray) or table.name in tape.operands:
        raise NotSaid("a table that is computed")
    arguments = {"vocabulary": table.dims[0], "dimension": table.dims[1]}
    dims = (*indices.dims, table.dims[1])
    return tape.append("embedding", arguments, [indices], dims, indices.batch, weights=[table])


def index(tape: Tape, x: Operand, indices: Sequence[Operand | None]) -> TapeTensor:
    """A tensor indexed by arrays, as `x[:, a, b]`: the axes of the arrays replace those that are indexed."""
    x = tape.tensor(x)
    places = [place for place, each in enumerate(indices) if each is not None]
    arrays = [each for each in indices if each is not None]
    if not all(isinstance(each, TapeArray) or each.free for each in arrays):
        raise NotSaid("positions that come from the input")
    if len(places) == 1:
        return _by_one(tape, x, places[0], arrays[0])
    if places != list(range(places[0], places[-1] + 1)):
        raise NotSaid("arrays at axes that are apart")
    rank = max(len(each.dims) for each in arrays)
    padded = [(1,) * (rank - len(each.dims)) + tuple(each.dims) for each in arrays]
    sizes = tuple(max(column) for column in zip(*padded, strict=True))
    for place in places:
        x.single(place)
    first, last = places[0], places[-1]
    merged = reshape(tape, x, (*x.dims[:first], prod(x.dims[first : last + 1]), *x.dims[last + 1 :]))
    return gather_any(tape, merged, first, sizes)


def _by_one(tape: Tape, x: TapeTensor, place: int, array: Operand) -> TapeTensor:
    if isinstance(array, TapeArray) and array.values is not None and len(array.dims) == 1:
        return gather(tape, x, place, [int(value) for value in array.values])
    return gather_any(tape, x, place, array.dims)
