"""Arithmetic and functions of each element."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from cnncalc.importing.python.torch.operations import FunctionRow, TorchCall
from cnncalc.importing.tensors import arithmetic
from cnncalc.importing.tensors.tensor import NotSaid, Operand, TapeArray, TapeTensor


def same(call: TorchCall) -> object:
    """The same numbers: a copy, a type, a device."""
    return call.bound.values["input"]


def merged(type: str) -> Callable[[TorchCall], object]:
    """A function of two tensors, or of a tensor and a number."""

    def said(call: TorchCall) -> object:
        return combined(call, type, call.tensor(), call.tensor("other"))

    return said


def added(call: TorchCall) -> object:
    """`add` and `sub`, whose `alpha` scales the second operand."""
    other: Operand = call.tensor("other")
    alpha = call.get("alpha", 1)
    if alpha != 1 and isinstance(alpha, int | float):
        other = arithmetic.scaled(call.tape, other, scale=alpha)
    return combined(call, "add" if call.word.startswith("add") else "subtract", call.tensor(), other)


def combined(call: TorchCall, type: str, a: Operand, b: Operand) -> object:
    """Two operands: numbers alone give a number, a tensor with a number a line, two tensors a merge."""
    first, second = _number(a), _number(b)
    if isinstance(a, TapeArray) and isinstance(b, TapeArray) and not (a.learned or b.learned):
        if not a.name and not b.name:
            return _of_arrays(a, b)
    elif second is not None:
        return _with_number(call, type, a, second)
    elif first is not None:
        return _number_first(call, type, first, b)
    check_broadcast(call, a, b)
    return arithmetic.combine(call.tape, type, [a, b])


def _number(value: Operand) -> float | int | None:
    return value.number if isinstance(value, TapeArray) and not value.learned and not value.name else None


def _of_arrays(a: TapeArray, b: TapeArray) -> TapeArray:
    """Arrays that the program makes, whose numbers nobody needs."""
    return TapeArray(arithmetic.broadcast([a.dims, b.dims]))


def _with_number(call: TorchCall, type: str, x: Operand, number: float) -> object:
    if type in ("add", "subtract"):
        return arithmetic.scaled(call.tape, x, shift=number if type == "add" else -number)
    if type in ("multiply", "divide"):
        return arithmetic.scaled(call.tape, x, scale=number if type == "multiply" else 1 / number)
    if type in ("maximum", "minimum"):
        low, high = (number, None) if type == "maximum" else (None, number)
        return arithmetic.clamped(call.tape, x, low, high)
    raise NotSaid(f"{type} with a number")


def _number_first(call: TorchCall, type: str, number: float, x: Operand) -> object:
    if type == "subtract":
        return arithmetic.scaled(call.tape, x, scale=-1, shift=number)
    if type == "divide":
        return arithmetic.scaled(call.tape, arithmetic.raised(call.tape, x, -1), scale=number)
    return _with_number(call, type, x, number)


def check_broadcast(call: TorchCall, a: Operand, b: Operand) -> None:
    """Report sizes that differ, with both. Raises NotSaid then."""
    try:
        arithmetic.broadcast([a.dims, b.dims])
    except NotSaid:
        from cnncalc.importing.python.torch.problems import unequal

        unequal(call, a, b)
        raise


def power(call: TorchCall) -> object:
    exponent = call.get("exponent")
    if not isinstance(exponent, int | float):
        operands = [call.tensor(), call.tensor("exponent")]
        if all(isinstance(each, TapeArray) and not each.learned and not each.name for each in operands):
            return TapeArray(arithmetic.broadcast([each.dims for each in operands]))
        raise NotSaid("an exponent that is computed")
    return arithmetic.raised(call.tape, call.tensor(), exponent)


def clamp(call: TorchCall) -> object:
    low, high = call.get("min"), call.get("max")
    if not all(each is None or isinstance(each, int | float) for each in (low, high)):
        raise NotSaid("limits that are computed")
    return arithmetic.clamped(call.tape, call.tensor(), low, high)  # type: ignore[arg-type]


def function(type: str) -> Callable[[TorchCall], object]:
    """A function of each element."""

    def said(call: TorchCall) -> object:
        x = call.tensor()
        if isinstance(x, TapeArray) and not x.learned and not x.name:
            return TapeArray(x.dims)
        return arithmetic.function(call.tape, type, x)

    return said


def negative(call: TorchCall) -> object:
    return function("negative")(call)


def compared(call: TorchCall) -> object:
    """A comparison has a tensor's sizes and no numbers that count here."""
    return fixed_like(call.tensor())


def fixed_like(x: Operand) -> TapeArray:
    return TapeArray(x.dims)


def where(call: TorchCall) -> object:
    values = [call.tensor(name) for name in ("condition", "input", "other")]
    if any(isinstance(each, TapeTensor) for each in values[1:]):
        kept = next(each for each in values[1:] if isinstance(each, TapeTensor))
        if arithmetic.broadcast([each.dims for each in values]) == kept.dims:
            return arithmetic.combine(call.tape, "where", values)
    raise NotSaid("where")


def masked(call: TorchCall) -> object:
    """Numbers that a mask replaces keep the sizes."""
    return call.bound.values["input"]


def multiplied_and_added(call: TorchCall) -> object:
    product = arithmetic.combine(call.tape, "multiply", [call.tensor("tensor1"), call.tensor("tensor2")])
    return arithmetic.combine(call.tape, "add", [call.tensor(), product])


def interpolated(call: TorchCall) -> object:
    """`lerp`: a line from one tensor to another."""
    start, end = call.tensor(), call.tensor("end")
    way = combined(call, "subtract", end, start)
    assert isinstance(way, TapeTensor | TapeArray)
    return combined(call, "add", start, combined(call, "multiply", way, call.tensor("weight")))  # type: ignore[arg-type]


def frozen_or_not(call: TorchCall) -> object:
    """`parameter.requires_grad_(False)` freezes it."""
    from cnncalc.importing.python.torch.tensor import TorchTensor  # which imports the operations

    value = call.bound.values.get("input")
    if isinstance(value, TorchTensor):
        value.is_frozen = call.bound.values.get("requires_grad", True) is False
        return value
    return same(call)


_PLAIN: Mapping[str, str] = MappingProxyType({
    "abs": "abs", "acos": "acos", "arccos": "acos", "asin": "asin", "atan": "atan", "ceil": "ceil", "cos": "cos",
    "cosh": "cosh", "erf": "erf", "exp": "exponential", "exp2": "exp2", "expm1": "expm1", "floor": "floor",
    "log": "log", "log10": "log10", "log1p": "log1p", "log2": "log2", "neg": "negative", "negative": "negative",
    "reciprocal": "reciprocal", "round": "round", "rsqrt": "rsqrt", "sign": "sign", "sin": "sin", "sinh": "sinh",
    "sqrt": "sqrt", "square": "square", "tan": "tan", "trunc": "trunc",
})  # fmt: skip

_SAME = (
    "contiguous", "clone", "detach", "cuda", "cpu", "float", "double", "half", "bfloat16", "long", "int", "bool",
    "data_ptr", "to_dense", "coalesce", "pin_memory", "share_memory_", "nan_to_num", "byte",
    "fill_diagonal_", "zero_", "normal_", "uniform_", "fill_", "positive", "resolve_conj", "real",
)  # fmt: skip
_MOVED = ("to", "type", "type_as", "astype")

FUNCTIONS: Mapping[str, FunctionRow] = MappingProxyType({
    **dict.fromkeys(_SAME, ("input! dtype memory_format device non_blocking mean std a b value from to", same)),
    "requires_grad_": ("input! requires_grad", frozen_or_not),
    **dict.fromkeys(_MOVED, ("input! *kind device dtype non_blocking copy memory_format", same)),
    **{name: ("input!", function(type)) for name, type in _PLAIN.items()},
    "add": ("input! other! alpha", added), "sub": ("input! other! alpha", added),
    "subtract": ("input! other! alpha", added),
    "mul": ("input! other!", merged("multiply")), "multiply": ("input! other!", merged("multiply")),
    "div": ("input! other! rounding_mode", merged("divide")), "divide": ("input! other!", merged("divide")),
    "true_divide": ("input! other!", merged("divide")),
    "maximum": ("input! other!", merged("maximum")), "minimum": ("input! other!", merged("minimum")),
    "pow": ("input! exponent!", power), "clamp": ("input! min max", clamp), "clip": ("input! min max", clamp),
    "clamp_min": ("input! min", clamp), "clamp_max": ("input! max", clamp),
    "addcmul": ("input! tensor1! tensor2! value", multiplied_and_added),
    "where": ("condition! input! other!", where),
    "lerp": ("input! end! weight!", interpolated), "masked_fill": ("input! mask value", masked),
    **dict.fromkeys(("eq", "ne", "lt", "le", "gt", "ge", "isnan", "isinf"), ("input! other", compared)),
    "logical_not": ("input!", compared), "bitwise_not": ("input!", compared),
    "logical_and": ("input! other", compared),
    "logical_or": ("input! other", compared),
})  # fmt: skip
