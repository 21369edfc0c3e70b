"""Functions of each element, and arithmetic of tensors with tensors, numbers and learned arrays."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from cnncalc.importing.onnx.conversion import Conversion, NotSaid
from cnncalc.importing.onnx.operators import operator
from cnncalc.importing.onnx.proto import OnnxNode
from cnncalc.importing.onnx.values import Constant, LayerValue, Value

_PLAIN: Mapping[str, str] = MappingProxyType({
    "Relu": "relu", "Sigmoid": "sigmoid", "Tanh": "tanh", "HardSwish": "hard_swish", "Selu": "selu",
    "Softplus": "softplus", "Softsign": "softsign", "Gelu": "gelu", "Mish": "mish", "Erf": "erf", "Exp": "exponential",
    "Log": "log", "Sqrt": "sqrt", "Abs": "abs", "Neg": "negative", "Reciprocal": "reciprocal", "Sign": "sign",
    "Sin": "sin", "Cos": "cos", "Tan": "tan", "Asin": "asin", "Acos": "acos", "Atan": "atan", "Sinh": "sinh",
    "Cosh": "cosh", "Asinh": "asinh", "Acosh": "acosh", "Atanh": "atanh", "Floor": "floor", "Ceil": "ceil",
    "Round": "round", "Swish": "swish",
})  # fmt: skip


@operator(*_PLAIN)
def plain(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    assert inputs[0] is not None
    return [conversion.add(node, _PLAIN[node.op], {}, [inputs[0]])]


@operator("Identity", "Cast", "Dropout", "QuantizeLinear", "DequantizeLinear", "CastLike")
def unchanged(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    """Operations that change no number at inference add no layer."""
    assert inputs[0] is not None
    return [inputs[0]]


@operator("LeakyRelu")
def leaky_relu(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    assert inputs[0] is not None
    return [conversion.add(node, "leaky_relu", {"slope": round(node.attributes.get("alpha", 0.01), 7)}, [inputs[0]])]


@operator("Elu", "Celu")
def elu(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    assert inputs[0] is not None
    alpha = round(node.attributes.get("alpha", 1.0), 7)
    return [conversion.add(node, node.op.lower(), {} if alpha == 1 else {"alpha": alpha}, [inputs[0]])]


@operator("HardSigmoid")
def hard_sigmoid(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    assert inputs[0] is not None
    slope, offset = (round(node.attributes.get(key, usual), 7) for key, usual in (("alpha", 0.2), ("beta", 0.5)))
    arguments = {} if abs(slope - 1 / 6) < 1e-6 else {"slope": slope}
    if offset != 0.5:
        arguments["offset"] = offset
    return [conversion.add(node, "hard_sigmoid", arguments, [inputs[0]])]


@operator("Clip")
def clip(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    """Bounds are attributes before opset 11, inputs since."""
    assert inputs[0] is not None
    bounds: dict[str, Any] = {}
    for place, (key, name) in enumerate((("min", "low"), ("max", "high")), 1):
        given = inputs[place] if len(inputs) > place else None
        value = given.number if isinstance(given, Constant) else node.attributes.get(key)
        if value is not None and abs(value) < 1e30:
            bounds[name] = int(value) if value == int(value) else value
    if bounds == {"low": 0, "high": 6}:
        return [conversion.add(node, "relu6", {}, [inputs[0]])]
    if bounds == {"low": 0}:
        return [conversion.add(node, "relu", {}, [inputs[0]])]
    return [conversion.add(node, "clip", bounds, [inputs[0]])]


@operator("PRelu")
def prelu(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    slope = inputs[1]
    if not isinstance(slope, Constant) or inputs[0] is None:
        raise NotSaid("slopes that are computed")
    per = "one" if slope.elements == 1 else "channel"
    return [conversion.add(node, "prelu", {"per": per}, [inputs[0]], weights=[slope.initializer])]


_MERGES: Mapping[str, str] = MappingProxyType({
    "Add": "add", "Sub": "subtract", "Mul": "multiply", "Div": "divide", "Sum": "add", "Max": "maximum",
    "Min": "minimum", "Mean": "average",
})  # fmt: skip


@operator(*_MERGES)
def merge(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    given = [each for each in inputs if each is not None]
    if len(given) == 1:
        return given
    if len(given) == 2:
        x, other = given
        if isinstance(other, Constant) and other.number is not None and isinstance(x, LayerValue):
            return [conversion.add(node, "power", _line(node.op, other.number), [x])]
        if isinstance(x, Constant) and x.number is not None and node.op in ("Add", "Mul", "Sub"):
            scale, shift = (-1.0, x.number) if node.op == "Sub" else _ends(node.op, x.number)
            return [conversion.add(node, "power", {"scale": float(scale), "shift": float(shift)}, [other])]
        if node.op == "Add" and (made := _as_bias(conversion, node, x, other)):
            return [made]
    return [conversion.add(node, _MERGES[node.op], {}, given)]


def _ends(op: str, number: float) -> tuple[float, float]:
    return (1.0, number) if op == "Add" else (number, 0.0)


def _line(op: str, number: float) -> dict[str, Any]:
    """X + n, x − n, x · n, x / n as scale and shift."""
    if op in ("Add", "Sub"):
        return {"shift": float(number if op == "Add" else -number)}
    if op in ("Mul", "Div") and (op == "Mul" or number):
        return {"scale": float(number if op == "Mul" else 1 / number)}
    raise NotSaid(f"{op} with one number")


def _as_bias(conversion: Conversion, node: OnnxNode, a: Value, b: Value) -> LayerValue | None:
    """A sum with learned numbers, one for each unit, after a dense layer that nothing else reads: its biases."""
    x, bias = (a, b) if isinstance(a, LayerValue) else (b, a)
    if not isinstance(x, LayerValue) or not isinstance(bias, Constant):
        return None
    layer = conversion.by_name.get(x.name)
    is_free = layer is not None and layer.type == "dense" and layer.arguments.get("bias") is False
    if layer is None or not is_free or bias.elements != layer.arguments["units"] or bias.dims[-1] != bias.elements:
        return None
    if conversion.uses[node.inputs[0 if x is a else 1]] != 1:
        return None
    del layer.arguments["bias"]
    layer.stated_params = (layer.stated_params or 0) + (conversion.count([bias.initializer]) or 0)
    return x


@operator("Pow")
def power(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    exponent = inputs[1]
    if not isinstance(exponent, Constant) or exponent.number is None or inputs[0] is None:
        raise NotSaid("an exponent that is computed")
    if exponent.number == 2:
        return [conversion.add(node, "square", {}, [inputs[0]])]
    return [conversion.add(node, "power", {"exponent": float(exponent.number)}, [inputs[0]])]


@operator("Softmax", "LogSoftmax")
def softmax(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    """Before opset 13 the axis was 1 by default, and the axes after it competed as well."""
    x = inputs[0]
    if not isinstance(x, LayerValue):
        raise NotSaid(node.op)
    rank = len(x.dims)
    axis = node.attributes.get("axis", 1 if conversion.model.opset < 13 else -1) % rank
    if axis == 0 or (
        conversion.model.opset < 13 and axis != rank - 1 and any(size != 1 for size in x.dims[axis + 1 :])
    ):
        raise NotSaid("an axis with the batch")
    type = "softmax" if node.op == "Softmax" else "log_softmax"
    return [conversion.add(node, type, {} if axis == 1 else {"axis": axis}, [x])]
