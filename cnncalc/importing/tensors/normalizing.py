"""Normalizations: batch, instance, group, layer and RMS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import NotSaid, Operand, TapeArray, TapeTensor
from cnncalc.importing.tensors.windows import slide


def _affine(scale: Operand | None, shift: Operand | None) -> tuple[dict[str, Any], list[TapeArray]]:
    """The fields that say which of scale and shift are learned, and these arrays. Raises NotSaid for computed ones."""
    own = [each for each in (scale, shift) if each is not None]
    arrays = [each for each in own if isinstance(each, TapeArray)]
    if len(arrays) < len(own):
        raise NotSaid("a scale that is computed")
    if not own:
        return {"affine": False}, []
    if scale is None:
        return {"scale": False}, arrays
    return ({} if shift is not None else {"shift": False}), arrays


def _with_epsilon(fields: dict[str, Any], epsilon: float | None) -> dict[str, Any]:
    return fields if epsilon in (None, 1e-5) else {**fields, "epsilon": epsilon}


def batch_norm(
    tape: Tape, x: Operand, scale: Operand | None, shift: Operand | None, statistics: Sequence[Operand | None] = (),
    epsilon: float | None = None,
) -> TapeTensor:  # fmt: skip
    """Batch normalization over axis 1 of the program; `statistics` are the moving mean and variance."""
    fields, own = _affine(scale, shift)
    moving = [each for each in statistics if each is not None]
    if not moving:
        fields["track_running_stats"] = False
    y = slide(tape, "batch_norm", _with_epsilon(fields, epsilon), x, weights=own)
    tape.owners.update({each.name: y.name for each in moving if isinstance(each, TapeArray) and each.name})
    return y


def instance_norm(
    tape: Tape, x: Operand, scale: Operand | None, shift: Operand | None, epsilon: float | None = None
) -> TapeTensor:  # fmt: skip
    """Instance normalization over the spatial axes."""
    fields, own = _affine(scale, shift)
    if tape.convention == "pytorch":
        fields = {"affine": True} if len(own) == 2 else {} if not own else {"affine": True, **fields}
    return slide(tape, "instance_norm", _with_epsilon(fields, epsilon), x, weights=own)


def group_norm(
    tape: Tape, x: Operand, groups: int, scale: Operand | None, shift: Operand | None, epsilon: float | None = None
) -> TapeTensor:  # fmt: skip
    """Group normalization over axis 1 of the program."""
    fields, own = _affine(scale, shift)
    return slide(tape, "group_norm", _with_epsilon({"groups": groups, **fields}, epsilon), x, weights=own)


def layer_norm(
    tape: Tape, x: Operand, axes: int, scale: Operand | None, shift: Operand | None, epsilon: float | None = None
) -> TapeTensor:  # fmt: skip
    """Layer normalization over the last axes, so many of them."""
    x = tape.tensor(x)
    for axis in range(1, axes + 1):
        x.single(-axis)
    fields, own = _affine(scale, shift)
    if axes > 1:
        fields["normalized_shape"] = list(x.dims[-axes:])
    return tape.same("layer_norm", _with_epsilon(fields, epsilon), x, weights=own)


def rms_norm(tape: Tape, x: Operand, axes: int, scale: Operand | None, epsilon: float | None = None) -> TapeTensor:
    """Root mean square normalization over the last axes, so many of them."""
    x = tape.tensor(x)
    for axis in range(1, axes + 1):
        x.single(-axis)
    own = [scale] if isinstance(scale, TapeArray) else []
    if scale is not None and not own:
        raise NotSaid("a scale that is computed")
    fields: dict[str, Any] = {} if own else {"scale": False}
    if axes > 1:
        fields["normalized_shape"] = list(x.dims[-axes:])
    if epsilon is not None:
        fields["epsilon"] = epsilon
    return tape.same("rms_norm", fields, x, weights=own)
