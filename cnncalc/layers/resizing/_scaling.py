"""Sizes from a scale: what a real number times a whole one comes to, in each framework."""

from __future__ import annotations

import struct
from fractions import Fraction
from math import floor, isfinite
from typing import Any

from cnncalc.diagnostics import Refusal
from cnncalc.layers.declare import Field, as_integer, split_axes

Scale = int | float
"""A whole number stays one; anything else is real."""

ScaleValue = Scale | tuple[Scale, ...] | None
"""One scale for every axis, or one for each; None where it is unsaid."""


def scales(help: str, *, aliases: tuple[str, ...], symbol: str, short: str, default_text: str) -> ScaleValue:
    """A positive number for every axis, or a list with one for each; positional."""

    def parse(value: Any) -> ScaleValue:
        value = split_axes(value)
        if isinstance(value, list):
            if not value:
                raise Refusal("got an empty list, but one number an axis is needed", code="E204")
            return tuple(map(_scale, value))
        return _scale(value)

    number = {"type": "number", "exclusiveMinimum": 0}
    listed = {"type": "array", "items": number, "minItems": 1}
    text = {"type": "string", "pattern": r"^(\d+([x×]\d+)*|\(.*\))$"}
    return Field(
        help, parse, {"anyOf": [number, listed, text]}, default=None, default_text=default_text, aliases=aliases,
        positional=True, symbol=symbol, short=short, axes=True,
    )  # type: ignore[return-value]  # fmt: skip


def _scale(value: Any) -> Scale:
    if not isinstance(value, float):
        return as_integer(value, 1)
    if not isfinite(value) or value <= 0:
        raise Refusal(f"got {value}, but a positive number is needed", code="E204")
    return value


def written(scale: Scale) -> Fraction:
    """The scale as it is written: 0.29 is 29/100."""
    return Fraction(repr(scale)) if isinstance(scale, float) else Fraction(int(scale))


def single(value: float) -> float:
    """The nearest number of single precision."""
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return float("inf")


def product(W: int, scale: float, framework: str) -> float | None:
    """W times a real scale as the framework has it before it drops the fraction; None where it is exact.

    PyTorch multiplies in double precision, ONNX Runtime in single.
    """
    if framework == "pytorch":
        return int(W) * scale
    if framework == "onnx":
        return single(single(scale) * int(W))
    return None


def scaled(W: int, scale: Scale, framework: str) -> int:
    """⌊W·S⌋; a real scale as the fraction that is written, unless the framework's own product comes out elsewhere."""
    if not isinstance(scale, float):
        return W * scale
    ratio = written(scale)
    exact = W * ratio.numerator // ratio.denominator
    rough = product(W, scale, framework)
    if rough is None or rough == float("inf") or floor(rough) == exact:
        return exact
    return floor(rough)
