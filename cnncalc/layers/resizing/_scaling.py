"""Sizes computed from a scale: products of real and whole numbers, as in each framework."""

from __future__ import annotations

import struct
from fractions import Fraction
from math import floor

from cnncalc.layers.declare import Scale


def written(scale: Scale) -> Fraction:
    """The scale as it is written: 0.29 is 29/100."""
    return Fraction(repr(scale)) if isinstance(scale, float) else Fraction(int(scale))


def single(value: float) -> float:
    """The nearest single-precision number."""
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return float("inf")


def product(W: int, scale: float, framework: str) -> float | None:
    """W times a real scale as the framework computes it before rounding down; None if the product is exact.

    PyTorch multiplies in double precision, ONNX Runtime in single.
    """
    if framework == "pytorch":
        return int(W) * scale
    if framework == "onnx":
        return single(single(scale) * int(W))
    return None


def scaled(W: int, scale: Scale, framework: str) -> int:
    """⌊W·S⌋, with a real scale as the written fraction, unless the framework's own product gives another size."""
    if not isinstance(scale, float):
        return W * scale
    ratio = written(scale)
    exact = W * ratio.numerator // ratio.denominator
    rough = product(W, scale, framework)
    if rough is None or rough == float("inf") or floor(rough) == exact:
        return exact
    return floor(rough)
