"""Convolutions with a kernel that the model computes: of its weights alone, or one for each sample."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

from cnncalc.importing.tensors.arithmetic import combine
from cnncalc.importing.tensors.movement import reshape
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import BatchAxis, NotSaid, Operand, TapeTensor


def convolve(
    tape: Tape, x: Operand, kernel: TapeTensor, bias: Operand | None, arguments: Mapping[str, Any], window: Any
) -> TapeTensor:  # fmt: skip
    """A convolution as an operation of a known size and cost. Raises NotSaid for other positions of the batch.

    With one kernel for each sample, the program has the batch beside the channels, and a group for each sample.
    """
    x = tape.tensor(x)
    groups = arguments.get("groups", 1)
    if x.dims[1] != kernel.dims[1] * groups:
        raise NotSaid("a kernel that is computed, for other channels")
    plain = {name: value for name, value in arguments.items() if name != "groups"}
    probe = TapeTensor("", (tape.batch, 1, *x.dims[2:]), BatchAxis(0))
    sizes = tape.shape_of("conv", {"filters": 1, "kernel": window, "bias": False, **plain}, [probe])[1:]
    batch, copies = _batch_of(tape, x, kernel)
    made = tape.opaque(
        [x, kernel],
        (x.dims[0], kernel.dims[0], *sizes),
        batch,
        macs=prod(sizes) * prod(kernel.dims) * copies[0] // copies[1],
    )
    if bias is None:
        return made
    return combine(tape, "add", [made, reshape(tape, bias, (1, prod(bias.dims), *[1] * len(sizes)))])


def _batch_of(tape: Tape, x: TapeTensor, kernel: TapeTensor) -> tuple[BatchAxis, tuple[int, int]]:
    """The batch of the output, and what its products for one sample are to those of one use of the kernel."""
    if kernel.free and x.batch is not None and x.batch.axis == 0:
        return x.batch, (x.batch.factor, 1)
    own = x.batch is not None and kernel.batch is not None and (x.batch.axis, kernel.batch.axis) == (1, 0)
    if not own or x.dims[0] != 1 or kernel.batch is None or kernel.batch.outer != 1:
        raise NotSaid("a kernel that is computed")
    return BatchAxis(1, 1, kernel.batch.inner), (1, tape.batch)
