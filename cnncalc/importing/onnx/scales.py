"""The scales of quantized tensors, which come and go with their numbers."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.importing.tensors.tensor import Operand, TapeArray

QUANTIZATION_SCALE = TapeArray((), "quantization scale", values=(1.0,))
"""The scale of a tensor that is quantized as it comes. A product with it gives real numbers back: no layer."""


def is_scale(value: Operand | None) -> bool:
    """Whether a value is such a scale."""
    return value is QUANTIZATION_SCALE


def without_scale(op: str, inputs: Sequence[Operand | None]) -> Operand | None:
    """A product with a quantization scale: the other tensor, or the scale itself beside weights' scales."""
    if op != "Mul" or not any(map(is_scale, inputs)):
        return None
    return next((each for each in inputs if each is not None and not isinstance(each, TapeArray)), QUANTIZATION_SCALE)
