"""Layers that slide over images: convolutions, pools, resizing. A batch of sequences of images is time-distributed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from cnncalc.importing.tensors.arithmetic import combine
from cnncalc.importing.tensors.movement import reshape
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import NotSaid, Operand, TapeArray, TapeTensor


def short(values: Sequence[int]) -> Any:
    """One number where all axes have the same."""
    return values[0] if len(set(values)) == 1 else list(values)


def slide(
    tape: Tape, type: str, arguments: Mapping[str, Any], x: Operand, *, weights: Sequence[TapeArray] = ()
) -> TapeTensor:  # fmt: skip
    """A layer on images whose first axis in the program holds the samples; other axes merged into it are steps."""
    x = tape.tensor(x)
    if x.batch is not None and x.batch.axis != 0:
        raise NotSaid("images whose samples are not the first axis")
    if x.batch is not None and x.batch.factor == 1:
        sample = tape.shape_of(type, arguments, [x])
        return tape.append(type, arguments, [x], (x.dims[0], *sample), x.batch, weights=weights)
    wrapped = {"layer": {type: dict(arguments)}}
    sample = tape.shape_of("time_distributed", wrapped, [x])
    return tape.append("time_distributed", wrapped, [x], (x.dims[0], *sample[1:]), x.batch, weights=weights)


def convolve(
    tape: Tape, x: Operand, kernel: Operand, bias: Operand | None, arguments: Mapping[str, Any], *,
    transposed: bool = False,
) -> TapeTensor:  # fmt: skip
    """A convolution with an array of filters × channels × window, or channels × filters if transposed.

    `arguments` are the fields beyond filters, kernel and bias.
    """
    if not isinstance(kernel, TapeArray) or kernel.name in tape.operands:
        raise NotSaid("a kernel that is computed")
    groups = arguments.get("groups", 1)
    filters = kernel.dims[1] * groups if transposed else kernel.dims[0]
    fields: dict[str, Any] = {"filters": filters, "kernel": short(kernel.dims[2:]), **arguments}
    own = [kernel]
    if isinstance(bias, TapeArray) and bias.learned == kernel.learned and bias.name not in tape.operands:
        own, bias = [kernel, bias], None
    else:
        fields["bias"] = False
    y = slide(tape, "conv_transpose" if transposed else "conv", fields, x, weights=own)
    if bias is None:
        return y
    per_channel = reshape(tape, bias, (1, prod(bias.dims), *[1] * (y.rank - 2)))
    return combine(tape, "add", [y, per_channel])


def resized(
    tape: Tape, x: Operand, sizes: Sequence[int], scale: Sequence[float] | None, **arguments: Any
) -> TapeTensor:
    """Images resized: by a whole number where that gives the size, else to the size."""
    x = tape.tensor(x)
    old = x.dims[2:] if tape.layout == "CHW" else x.dims[1:-1]
    ratios = [new // before for before, new in zip(old, sizes, strict=True)]
    is_whole = all(new == before * ratio for before, new, ratio in zip(old, sizes, ratios, strict=True))
    fields = {"scale": short(ratios)} if scale is not None and is_whole else {"size": list(sizes)}
    return slide(tape, "upsample", {**fields, **arguments}, x)
