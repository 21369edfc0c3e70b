"""Functions of each element, and operators that yield their argument."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from cnncalc.importing.aten.conversion import KEEPING, AtenCall, AtenValue
from cnncalc.importing.aten.operators import operator
from cnncalc.importing.tensors.arithmetic import clamped, combine, function
from cnncalc.importing.tensors.tensor import NotSaid, TapeArray, TapeTensor
from cnncalc.importing.tensors.windows import slide

_PLAIN: Mapping[str, str] = MappingProxyType({
    "relu": "relu", "relu6": "relu6", "sigmoid": "sigmoid", "tanh": "tanh", "silu": "swish", "selu": "selu",
    "hardswish": "hard_swish", "hardsigmoid": "hard_sigmoid", "mish": "mish", "log_sigmoid": "log_sigmoid",
    "softsign": "softsign", "exp": "exponential", "log": "log", "sqrt": "sqrt", "rsqrt": "rsqrt", "abs": "abs",
    "neg": "negative", "sin": "sin", "cos": "cos", "tan": "tan", "erf": "erf", "sign": "sign", "floor": "floor",
    "ceil": "ceil", "round": "round", "reciprocal": "reciprocal", "square": "square", "expm1": "expm1",
    "log1p": "log1p", "exp2": "exp2", "log2": "log2", "log10": "log10", "asin": "asin", "acos": "acos",
    "atan": "atan", "sinh": "sinh", "cosh": "cosh", "trunc": "trunc", "logit": "logit",
})  # fmt: skip


@operator(*_PLAIN)
def plain(call: AtenCall, x: AtenValue, *arguments: Any, **keywords: Any) -> TapeTensor:
    name = call.node.operator.removeprefix("aten.").rstrip("_")
    return function(call.tape, _PLAIN[name], x)


@operator(*(name.removeprefix("aten.") for name in KEEPING))
def unchanged(call: AtenCall, x: AtenValue, *arguments: Any, **keywords: Any) -> AtenValue:
    """Operators that change no number at inference add no layer."""
    return x


_DROPOUTS: Mapping[str, str] = MappingProxyType({
    "dropout": "dropout", "feature_dropout": "spatial_dropout", "alpha_dropout": "alpha_dropout",
    "feature_alpha_dropout": "alpha_dropout",
})  # fmt: skip


@operator(*_DROPOUTS)
def dropout(call: AtenCall, x: AtenValue, rate: float, train: bool = False) -> AtenValue:
    """The layer, although it changes no number at inference: its mask is kept in training."""
    if not rate or isinstance(x, TapeArray):
        return x
    name = call.node.operator.removeprefix("aten.").rstrip("_")
    return function(call.tape, _DROPOUTS[name], x, rate=rate)


@operator("gelu")
def gelu(call: AtenCall, x: AtenValue, approximate: str = "none") -> TapeTensor:
    return function(call.tape, "gelu", x, **({"approximate": True} if approximate == "tanh" else {}))


@operator("leaky_relu")
def leaky_relu(call: AtenCall, x: AtenValue, negative_slope: float = 0.01) -> TapeTensor:
    return function(call.tape, "leaky_relu", x, slope=round(negative_slope, 7))


@operator("elu", "celu")
def elu(call: AtenCall, x: AtenValue, alpha: float = 1.0, *rest: Any) -> TapeTensor:
    name = call.node.operator.removeprefix("aten.").rstrip("_")
    return function(call.tape, name, x, **({} if alpha == 1 else {"alpha": alpha}))


@operator("softplus")
def softplus(call: AtenCall, x: AtenValue, *arguments: Any) -> TapeTensor:
    return function(call.tape, "softplus", x)


@operator("hardtanh")
def hardtanh(call: AtenCall, x: AtenValue, min_val: float = -1, max_val: float = 1) -> TapeTensor:
    return clamped(call.tape, x, min_val, max_val)


@operator("clamp", "clip")
def clamp(call: AtenCall, x: AtenValue, min: Any = None, max: Any = None) -> TapeTensor:
    if all(each is None or isinstance(each, int | float) for each in (min, max)):
        return clamped(call.tape, x, min, max)
    for type, bound in (("maximum", min), ("minimum", max)):
        if bound is not None:
            x = combine(call.tape, type, [x, bound])
    return call.tape.tensor(x)


@operator("clamp_min")
def clamp_min(call: AtenCall, x: AtenValue, min: float) -> TapeTensor:
    return clamped(call.tape, x, min, None)


@operator("clamp_max")
def clamp_max(call: AtenCall, x: AtenValue, max: float) -> TapeTensor:
    return clamped(call.tape, x, None, max)


@operator("prelu")
def prelu(call: AtenCall, x: AtenValue, weight: AtenValue) -> TapeTensor:
    if not isinstance(weight, TapeArray):
        raise NotSaid("slopes that are computed")
    return slide(call.tape, "prelu", {"per": "one" if weight.elements == 1 else "channel"}, x, weights=[weight])
