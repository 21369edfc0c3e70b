"""Sums, products and other merges of two or three operands."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from cnncalc.importing.aten.conversion import AtenCall, AtenValue
from cnncalc.importing.aten.operators import operator
from cnncalc.importing.tensors.arithmetic import combine, raised, scaled
from cnncalc.importing.tensors.tensor import NotSaid, TapeArray, TapeTensor


def number(value: AtenValue) -> float | None:
    """The plain number that an operand is, if it is one."""
    if isinstance(value, TapeArray):
        return None if value.learned else value.number
    return value if isinstance(value, int | float) else None


@operator("add")
def add(call: AtenCall, x: AtenValue, other: AtenValue, alpha: float = 1) -> TapeTensor:
    return _sum(call, x, other, alpha)


@operator("sub", "subtract")
def subtract(call: AtenCall, x: AtenValue, other: AtenValue, alpha: float = 1) -> TapeTensor:
    if number(other) is None and number(x) is None and alpha == 1:
        return combine(call.tape, "subtract", [x, other])
    return _sum(call, x, other, -alpha)


@operator("rsub")
def reversed_subtract(call: AtenCall, x: AtenValue, other: AtenValue, alpha: float = 1) -> TapeTensor:
    return _sum(call, other, x, -alpha)


def _sum(call: AtenCall, x: AtenValue, other: AtenValue, factor: float) -> TapeTensor:
    """X plus a multiple of another operand."""
    plain = number(other)
    if plain is not None:
        return scaled(call.tape, x, shift=plain * factor)
    plain = number(x)
    if plain is not None:
        return scaled(call.tape, other, scale=factor, shift=plain)
    return combine(call.tape, "add", [x, scaled(call.tape, other, scale=factor)])


@operator("mul", "multiply")
def multiply(call: AtenCall, x: AtenValue, other: AtenValue) -> TapeTensor:
    for one, two in ((x, other), (other, x)):
        plain = number(two)
        if plain is not None:
            return scaled(call.tape, one, scale=plain)
    return combine(call.tape, "multiply", [x, other])


@operator("div", "divide", "true_divide")
def divide(call: AtenCall, x: AtenValue, other: AtenValue, rounding_mode: str | None = None) -> TapeTensor:
    if rounding_mode is not None:
        raise NotSaid("a quotient that is rounded")
    plain = number(other)
    if plain:
        return scaled(call.tape, x, scale=1 / plain)
    plain = number(x)
    if plain is not None:
        return scaled(call.tape, raised(call.tape, other, -1), scale=plain)
    return combine(call.tape, "divide", [x, other])


@operator("pow")
def power(call: AtenCall, x: AtenValue, exponent: AtenValue) -> TapeTensor:
    plain = number(exponent)
    if plain is None or number(x) is not None:
        raise NotSaid("an exponent that is computed")
    return raised(call.tape, x, plain)


_MERGES: Mapping[str, str] = MappingProxyType({"maximum": "maximum", "minimum": "minimum", "where": "where"})


@operator(*_MERGES)
def merge(call: AtenCall, *values: AtenValue) -> TapeTensor:
    if any(isinstance(each, int | float) for each in values):
        raise NotSaid("a plain number among the operands")
    return combine(call.tape, _MERGES[call.node.operator.removeprefix("aten.")], list(values))


@operator("addcmul", "addcdiv")
def ternary(call: AtenCall, x: AtenValue, one: AtenValue, two: AtenValue, value: float = 1) -> TapeTensor:
    fields: dict[str, Any] = {} if value == 1 else {"value": value}
    return combine(call.tape, call.node.operator.removeprefix("aten.").rstrip("_"), [x, one, two], **fields)


@operator("masked_fill")
def masked_fill(call: AtenCall, x: AtenValue, mask: AtenValue, value: AtenValue) -> TapeTensor:
    plain = number(value)
    if plain is None:
        raise NotSaid("a number that is computed")
    return combine(call.tape, "masked_fill", [x, mask], value=float(plain))
