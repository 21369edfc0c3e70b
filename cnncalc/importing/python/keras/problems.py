"""Mistakes of a program on tensors, with both numbers."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Final, NoReturn

from cnncalc.diagnostics import Refusal, did_you_mean
from cnncalc.importing.python.tracing import BATCH
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import Operand, TapeArray, TapeTensor
from cnncalc.number_text import show_shape
from cnncalc.source.values import PyInstance


def shown(x: Operand) -> str:
    """The sizes of a sample."""
    return show_shape(x.sample if isinstance(x, TapeTensor) else x.dims) or "one number"


def check_reshape(tape: Tape, x: Operand, sizes: Sequence[int]) -> None:
    """Refuse a reshape to another number of elements of each sample."""
    count = prod(x.dims)
    known = prod(size for size in sizes if size != -1)
    free = -1 in sizes
    if (free and known and count % known == 0 and not _cuts_batch(x, sizes)) or (not free and known == count):
        return
    sample = prod(x.sample) if isinstance(x, TapeTensor) else count
    asked = prod(size for size in sizes if size not in (-1, BATCH))
    raise Refusal(
        f"it needs {asked} numbers for each sample, but {shown(x)} has {sample}",
        hint=f"write {sample}" if len(sizes) == 2 else "", code="E305",
    )  # fmt: skip


def _cuts_batch(x: Operand, sizes: Sequence[int]) -> bool:
    """Whether -1, in the place of the batch, is another number than the batch's.

    Axes in front may become part of the batch, as the steps of a sequence do.
    """
    if not isinstance(x, TapeTensor) or sizes[0] != -1:
        return False
    last = [prod(x.dims[axis:]) for axis in range(1, len(x.dims) + 1)]
    return prod(sizes[1:]) not in last


def check_parts(tape: Tape, values: Sequence[Operand], axis: int) -> None:
    """Refuse parts of a concatenation that differ at other axes."""
    rank = max(len(each.dims) for each in values)
    place = axis % rank
    for each in values[1:]:
        others = [number for number in range(rank) if number != place]
        if len(each.dims) != rank or any(each.dims[number] != values[0].dims[number] for number in others):
            message = f"{shown(values[0])} and {shown(each)} differ elsewhere than at axis {place}"
            raise Refusal(message, code="E308")


def unequal_matrices(a: Operand, b: Operand) -> NoReturn:
    """Refuse matrices whose inner sizes differ."""
    message = f"the last axis of {shown(a)} has {a.dims[-1]}, and the matrix of {shown(b)} takes {b.dims[-2]}"
    raise Refusal(message, hint=f"write {a.dims[-1]}" if isinstance(b, TapeArray) else "", code="E308")


def check_equal(a: Operand, b: Operand) -> None:
    """Refuse operands whose sizes do not broadcast."""
    for first, second in zip(reversed(a.dims), reversed(b.dims), strict=False):
        if first != second and 1 not in (first, second):
            raise Refusal(f"{shown(a)} and {shown(b)} differ", hint="sizes must match, or be 1", code="E308")


ACTIVATIONS: Final = (
    "celu", "elu", "exponential", "gelu", "glu", "hard_sigmoid", "hard_swish", "leaky_relu", "linear", "log_softmax",
    "mish", "relu", "relu6", "selu", "sigmoid", "silu", "softmax", "softplus", "softsign", "swish", "tanh",
)  # fmt: skip
"""The activations that Keras knows by name."""


def check_activation(layer: PyInstance, word: str) -> None:
    """Refuse a name of an activation that is close to one of Keras's."""
    if layer.attributes.get("activation") == word and (hint := did_you_mean(word, ACTIVATIONS)):
        raise Refusal(f'unknown activation "{word}"', hint=hint, field="activation", code="E202")


def check_declared(word: str, declared: Sequence[int | None], sizes: Sequence[int]) -> str:
    """The message on an input for which a layer declares another shape; empty if they agree."""
    agree = len(declared) == len(sizes) and all(a in (None, b) for a, b in zip(declared, sizes, strict=True))
    if agree:
        return ""
    stated = "x".join("?" if size is None else str(size) for size in declared)
    return f"{word}: input_shape is {stated}, but its input is {show_shape(tuple(sizes))}"


def hint_of_batch(declared: Sequence[int | None], sizes: Sequence[int]) -> str:
    """The shape to write if a layer declares its input with a batch axis; empty if it does not."""
    if tuple(declared) != (None, *sizes):
        return ""
    return f"input_shape has no batch axis: write input_shape={tuple(sizes)}"
