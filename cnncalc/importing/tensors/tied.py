"""Products with the matrix of another layer, as in an autoencoder with tied weights: it is counted once."""

from __future__ import annotations

from dataclasses import replace

from cnncalc.importing.tensors.arithmetic import combine
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import Operand, TapeArray, TapeTensor

KERAS_LAYER = "layer "
"""The beginning of the names of arrays that layers of Keras have, which the tape knows by their layer."""


def turned(tape: Tape, x: Operand) -> TapeArray | None:
    """The transposed matrix of another layer; None for anything else."""
    if isinstance(x, TapeArray) and len(x.dims) == 2 and _is_of_layer(tape, x):
        return replace(x, dims=(x.dims[1], x.dims[0]), is_turned=not x.is_turned)
    return None


def is_tied(tape: Tape, matrix: Operand) -> bool:
    """Whether a product with a matrix of features × units takes that of another layer."""
    return isinstance(matrix, TapeArray) and len(matrix.dims) == 2 and _is_of_layer(tape, matrix)


def product(tape: Tape, x: Operand, matrix: TapeArray, bias: Operand | None = None) -> TapeTensor:
    """The last axis times a matrix of features × units."""
    made = tape.tensor(x)
    made.single(-1)
    sizes = made.sample
    positions = 1
    for size in sizes[:-1]:
        positions *= size
    macs = positions * matrix.elements
    y = tape.opaque([made], (*made.dims[:-1], matrix.dims[1]), made.batch, macs=macs)
    return y if bias is None else combine(tape, "add", [y, bias])


def _is_of_layer(tape: Tape, array: TapeArray) -> bool:
    return array.learned and tape.is_owned(array) and array.name not in tape.operands
