"""Functions of each element, and arithmetic of tensors with tensors, numbers and learned arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from cnncalc.importing.onnx.call import NodeCall
from cnncalc.importing.onnx.operators import operator
from cnncalc.importing.onnx.operators.linear import add_biases
from cnncalc.importing.tensors import arithmetic
from cnncalc.importing.tensors.tensor import NotSaid, Operand, TapeArray, TapeTensor

_PLAIN: Mapping[str, str] = MappingProxyType({
    "Relu": "relu", "Sigmoid": "sigmoid", "Tanh": "tanh", "HardSwish": "hard_swish", "Selu": "selu",
    "Softplus": "softplus", "Softsign": "softsign", "Mish": "mish", "Erf": "erf", "Exp": "exponential",
    "Log": "log", "Sqrt": "sqrt", "Abs": "abs", "Neg": "negative", "Reciprocal": "reciprocal", "Sign": "sign",
    "Sin": "sin", "Cos": "cos", "Tan": "tan", "Asin": "asin", "Acos": "acos", "Atan": "atan", "Sinh": "sinh",
    "Cosh": "cosh", "Asinh": "asinh", "Acosh": "acosh", "Atanh": "atanh", "Floor": "floor", "Ceil": "ceil",
    "Round": "round",
})  # fmt: skip


@operator(*_PLAIN)
def plain(call: NodeCall) -> list[Operand]:
    return [arithmetic.function(call.tape, _PLAIN[call.op], call.operand())]


@operator("Identity", "Cast", "Dropout", "CastLike", "QuantizeLinear", "DequantizeLinear", "OptionalGetElement")
def unchanged(call: NodeCall) -> list[Operand]:
    """Operations that change no number at inference, or only its precision, add no layer."""
    return [call.operand()]


@operator("LeakyRelu")
def leaky_relu(call: NodeCall) -> list[Operand]:
    return [arithmetic.function(call.tape, "leaky_relu", call.operand(), slope=call.real("alpha", 0.01))]


@operator("Elu", "Celu")
def elu(call: NodeCall) -> list[Operand]:
    alpha = call.real("alpha", 1.0)
    given = {} if alpha == 1 else {"alpha": alpha}
    return [arithmetic.function(call.tape, call.op.lower(), call.operand(), **given)]


@operator("Swish")
def swish(call: NodeCall) -> list[Operand]:
    beta = call.real("alpha", 1.0)
    return [arithmetic.function(call.tape, "swish", call.operand(), **({} if beta == 1 else {"beta": beta}))]


@operator("Gelu")
def gelu(call: NodeCall) -> list[Operand]:
    given = {"approximate": True} if call.word("approximate", "none") == "tanh" else {}
    return [arithmetic.function(call.tape, "gelu", call.operand(), **given)]


@operator("ThresholdedRelu")
def thresholded_relu(call: NodeCall) -> list[Operand]:
    threshold = call.real("alpha", 1.0)
    given = {} if threshold == 1 else {"threshold": threshold}
    return [arithmetic.function(call.tape, "threshold", call.operand(), **given)]


@operator("Shrink")
def shrink(call: NodeCall) -> list[Operand]:
    given = {"threshold": call.real("lambd", 0.5), "bias": call.real("bias", 0.0)}
    return [arithmetic.function(call.tape, "shrink", call.operand(), **given)]


@operator("HardSigmoid")
def hard_sigmoid(call: NodeCall) -> list[Operand]:
    slope, offset = call.real("alpha", 0.2), call.real("beta", 0.5)
    given = {} if abs(slope - 1 / 6) < 1e-6 else {"slope": slope}
    if offset != 0.5:
        given["offset"] = offset
    return [arithmetic.function(call.tape, "hard_sigmoid", call.operand(), **given)]


@operator("Clip")
def clip(call: NodeCall) -> list[Operand]:
    """Bounds are attributes before opset 11, inputs since."""
    return [arithmetic.clamped(call.tape, call.operand(), _bound(call, 1, "min"), _bound(call, 2, "max"))]


def _bound(call: NodeCall, place: int, key: str) -> float | None:
    given = call.optional(place)
    if given is None:
        value: Any = call.real(key, 3.4e38) if key in call.node.attributes else None
    elif isinstance(given, TapeArray):
        value = given.number
    else:
        raise NotSaid("a bound that is computed")
    return None if value is None or not abs(value) < 1e30 else value


@operator("PRelu")
def prelu(call: NodeCall) -> list[Operand]:
    (slope,) = call.weights(1)
    x = call.tensor()
    per = "one" if slope.elements == 1 else "channel"
    if slope.elements > 1 and slope.elements != x.dims[1]:
        raise NotSaid("slopes along other axes than the channels")
    return [call.tape.append("prelu", {"per": per}, [x], x.dims, x.batch, weights=[slope])]


_MERGES: Mapping[str, str] = MappingProxyType({
    "Add": "add", "Sub": "subtract", "Mul": "multiply", "Div": "divide", "Sum": "add", "Max": "maximum",
    "Min": "minimum", "Mean": "average",
})  # fmt: skip


@operator(*_MERGES)
def merge(call: NodeCall) -> list[Operand]:
    given = [each for each in call.inputs if each is not None]
    if len(given) == 1:
        return given
    if len(given) == 2 and (made := _with_number(call, *given) or _as_bias(call, *given)):
        return [made]
    call.operand()
    return [arithmetic.combine(call.tape, _MERGES[call.op], given)]


def _with_number(call: NodeCall, x: Operand, other: Operand) -> TapeTensor | None:
    """A sum or product with one plain number, which no axis grows by: a line."""
    swapped = isinstance(x, TapeArray) and _is_number(x) and not isinstance(other, TapeArray)
    tensor, number = (other, x) if swapped else (x, other)
    if isinstance(tensor, TapeArray) or not isinstance(number, TapeArray) or not _is_number(number):
        return None
    value = number.number
    if value is None or len(number.dims) > len(tensor.dims):
        return None
    tape = call.tape
    if call.op in ("Add", "Sum"):
        return arithmetic.scaled(tape, tensor, shift=value)
    if call.op == "Sub":
        return arithmetic.scaled(tape, tensor, -1 if swapped else 1, value if swapped else -value)
    if call.op == "Mul":
        return arithmetic.scaled(tape, tensor, value)
    if call.op in ("Max", "Min"):
        return arithmetic.clamped(tape, tensor, *((value, None) if call.op == "Max" else (None, value)))
    if call.op != "Div" or (value == 0 and not swapped):
        return None
    if not swapped:
        return arithmetic.scaled(tape, tensor, 1 / value)
    inverse = arithmetic.raised(tape, tensor, -1)
    return arithmetic.scaled(tape, inverse, value)


def _is_number(array: TapeArray) -> bool:
    return array.elements == 1 and array.number is not None and not array.learned


def _as_bias(call: NodeCall, a: Operand, b: Operand) -> TapeTensor | None:
    """A sum with learned numbers, one for each unit, after a dense layer that nothing else reads: its biases."""
    x, bias = (b, a) if isinstance(a, TapeArray) else (a, b)
    if call.op != "Add" or not isinstance(x, TapeTensor) or not isinstance(bias, TapeArray):
        return None
    layer = call.tape.layer_named(x.name)
    is_fit = bias.elements == x.dims[-1] and bias.dims[-1:] == (bias.elements,)
    read = call.node.inputs[0 if x is a else 1]
    if layer is None or not is_fit or not call.is_last_use(read):
        return None
    if layer.shares and call.tape.owners.get(bias.name) != layer.shares:  # weights and biases are shared together
        return None
    if not add_biases(layer, bias.elements):
        return None
    if not layer.shares:
        layer.stated_params = (layer.stated_params or 0) + bias.elements
        if bias.name:
            call.tape.owners.setdefault(bias.name, layer.name)
    return x


@operator("Pow")
def power(call: NodeCall) -> list[Operand]:
    exponent = call.operand(1)
    if not isinstance(exponent, TapeArray) or exponent.number is None:
        return [broadcast_opaque(call, [call.operand(), exponent])]
    return [arithmetic.raised(call.tape, call.operand(), exponent.number)]


@operator("Where")
def where(call: NodeCall) -> list[Operand]:
    return [arithmetic.combine(call.tape, "where", [call.operand(place) for place in range(3)])]


@operator(
    "Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual", "And", "Or", "Xor", "Not", "Mod", "IsNaN", "IsInf",
    "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "BitwiseNot",
)  # fmt: skip
def compared(call: NodeCall) -> list[Operand]:
    """Comparisons and logic have no layer type; their output has the sizes of the inputs together."""
    return [broadcast_opaque(call, [each for each in call.inputs if each is not None])]


def broadcast_opaque(call: NodeCall, given: Sequence[Operand]) -> TapeTensor:
    """An operation without a layer type on elements of inputs that are broadcast."""
    aligned, dims, batch = arithmetic.align(call.tape, given)
    return call.tape.opaque(aligned, dims, batch)
