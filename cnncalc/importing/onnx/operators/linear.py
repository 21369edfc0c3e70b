"""Products with matrices of weights, and of two tensors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.importing.draft import DraftLayer
from cnncalc.importing.onnx.attributes import Malformed
from cnncalc.importing.onnx.call import NodeCall, as_weight
from cnncalc.importing.onnx.operators import operator
from cnncalc.importing.tensors import arithmetic, movement, products
from cnncalc.importing.tensors.tensor import Operand, TapeArray, TapeTensor

_WITHOUT_BIAS: Mapping[str, Mapping[str, Any]] = {"dense": {"bias": False}, "einsum_dense": {"bias_axes": ""}}
"""The fields of a layer type without biases."""


@operator("Gemm")
def gemm(call: NodeCall) -> list[Operand]:
    x, weights, bias = call.tensor(), call.operand(1), call.optional(2)
    if x.rank != 2 or len(weights.dims) != 2:
        raise Malformed("Gemm needs two matrices")
    alpha, beta = call.real("alpha", 1.0), call.real("beta", 1.0)
    if call.integer("transA", 0):
        x = movement.transpose(call.tape, x, 0, 1)
    if not isinstance(weights, TapeArray):
        if call.integer("transB", 0):
            weights = movement.transpose(call.tape, weights, 0, 1)
        made = products.matmul(call.tape, x, weights)
    else:
        made = dense(call, x, weights, bias if alpha == beta == 1 else None, by_rows=bool(call.integer("transB", 0)))
        bias = None if alpha == beta == 1 and isinstance(bias, TapeArray) else bias
    made = arithmetic.scaled(call.tape, made, alpha)
    if bias is not None:
        made = arithmetic.combine(call.tape, "add", [made, arithmetic.scaled(call.tape, bias, beta)])
    return [made]


def dense(
    call: NodeCall, x: TapeTensor, weights: TapeArray, bias: Operand | None = None, *, by_rows: bool = False,
) -> TapeTensor:  # fmt: skip
    """A dense layer at every position, with a matrix of features × units (`by_rows`: units × features)."""
    x.single(-1)
    units, features = weights.dims if by_rows else weights.dims[::-1]
    if features != x.dims[-1]:
        raise Malformed(f"{x.dims[-1]} features meet a matrix for {features}")
    type, arguments = _by_features(call, x, units)
    own = [as_weight(weights)]
    if isinstance(bias, TapeArray) and bias.elements == units:
        own.append(as_weight(bias))
    else:
        arguments |= _WITHOUT_BIAS[type]
    return call.tape.append(type, arguments, [x], (*x.dims[:-1], units), x.batch, weights=own)


def _by_features(call: NodeCall, x: TapeTensor, units: int) -> tuple[str, dict[str, Any]]:
    """The layer on the last axis. ONNX's convention has `dense` connect to the whole input, as Gemm does."""
    if len(x.sample) == 1 or call.tape.convention != "onnx":
        return "dense", {"units": units}
    return "einsum_dense", {"equation": "...x,xy->...y", "output": [units], "bias_axes": "y"}


def add_biases(layer: DraftLayer, units: int) -> bool:
    """Give a dense layer that has no biases one for each unit; whether it is such a layer."""
    without = _WITHOUT_BIAS.get(layer.type, {})
    given = layer.arguments
    if not without or any(given.get(key) != value for key, value in without.items()):
        return False
    if units not in (given.get("units"), *given.get("output", ())):
        return False
    if layer.type == "dense":
        del given["bias"]
    else:
        given["bias_axes"] = "y"
    return True


@operator("MatMul")
def matmul(call: NodeCall) -> list[Operand]:
    """With a matrix of the file, a dense layer at every position; a bias that is added after it joins it."""
    x, weights = call.operand(), call.operand(1)
    if isinstance(weights, TapeArray) and len(weights.dims) == 2 and len(x.dims) > 1:
        tensor = call.tape.tensor(x)
        if weights.name not in call.tape.operands:
            return [dense(call, tensor, weights)]
    return [products.matmul(call.tape, x, weights)]


@operator("Einsum")
def einsum(call: NodeCall) -> list[Operand]:
    given = [call.operand(place) for place in range(len(call.inputs))]
    if not given:
        raise Malformed("Einsum has no input")
    equation = call.word("equation")
    return [products.einsum(call.tape, equation, given)]
