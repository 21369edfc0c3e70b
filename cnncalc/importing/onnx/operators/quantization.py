"""Quantized operations, read as the real ones that they replace: 8-bit weights count like any others."""

from __future__ import annotations

from dataclasses import replace

from cnncalc.importing.onnx.call import NodeCall, as_weight
from cnncalc.importing.onnx.operators import CONTRIBUTED, operator
from cnncalc.importing.onnx.operators.linear import dense
from cnncalc.importing.onnx.operators.windows import convolution, kernel_of
from cnncalc.importing.onnx.scales import QUANTIZATION_SCALE
from cnncalc.importing.tensors import arithmetic, parts, products, windows
from cnncalc.importing.tensors.tensor import NotSaid, Operand, TapeArray


@operator("QLinearConv")
def quantized_conv(call: NodeCall) -> list[Operand]:
    """The inputs x, scale, zero; kernel, scale, zero; scale and zero of the output; bias."""
    bias = call.optional(8)
    own = as_weight(bias) if isinstance(bias, TapeArray) else bias
    return [convolution(call, call.tensor(), kernel_of(call, 3), own)]


@operator("ConvInteger")
def integer_conv(call: NodeCall) -> list[Operand]:
    return [convolution(call, call.tensor(), kernel_of(call), None)]


@operator("QLinearMatMul")
def quantized_matmul(call: NodeCall) -> list[Operand]:
    """The inputs a, scale, zero; b, scale, zero; scale and zero of the output."""
    return [_product(call, 3)]


@operator("MatMulInteger")
@operator("MatMulIntegerToFloat", "DynamicQuantizeMatMul", domain=CONTRIBUTED)
def integer_matmul(call: NodeCall) -> list[Operand]:
    places = {"MatMulIntegerToFloat": 6, "DynamicQuantizeMatMul": 4}
    made = _product(call, 1)
    bias = call.optional(places.get(call.op, 9))
    return [made if bias is None else arithmetic.combine(call.tape, "add", [made, bias])]


@operator("MatMulNBits", "MatMulBnb4", domain=CONTRIBUTED)
def packed_matmul(call: NodeCall) -> list[Operand]:
    """A matrix of `N` units × `K` features, several of which are packed into a byte: every one counts."""
    weights = replace(call.array(1), dims=(call.integer("N"), call.integer("K")), values=None)
    return [dense(call, call.tensor(), weights, call.optional(5), by_rows=True)]


def _product(call: NodeCall, place: int) -> Operand:
    weights = call.operand(place)
    if isinstance(weights, TapeArray) and len(weights.dims) == 2:
        return dense(call, call.tensor(), weights)
    return products.matmul(call.tape, call.operand(), weights)


@operator("DynamicQuantizeLinear")
def dynamic_quantize(call: NodeCall) -> list[Operand]:
    """The tensor itself, and its scale and zero, which rescale the product that they are for."""
    return [call.operand(), QUANTIZATION_SCALE, TapeArray((), values=(0,))]


@operator("QuantizeLinear", "DequantizeLinear", domain=CONTRIBUTED)
def unchanged(call: NodeCall) -> list[Operand]:
    return [call.operand()]


@operator("QLinearAdd", "QLinearMul", domain=CONTRIBUTED)
def quantized_merge(call: NodeCall) -> list[Operand]:
    type = "add" if call.op == "QLinearAdd" else "multiply"
    return [arithmetic.combine(call.tape, type, [call.operand(), call.operand(3)])]


@operator("QLinearSigmoid", "QLinearLeakyRelu", "QLinearSoftmax", domain=CONTRIBUTED)
def quantized_function(call: NodeCall) -> list[Operand]:
    if call.op == "QLinearLeakyRelu":
        return [arithmetic.function(call.tape, "leaky_relu", call.operand(), slope=call.real("alpha", 0.01))]
    if call.op == "QLinearSigmoid":
        return [arithmetic.function(call.tape, "sigmoid", call.operand())]
    x = call.tensor()
    return [call.tape.same("softmax", {"axis": x.single(call.axis(x, default=-1))}, x)]


@operator("QLinearGlobalAveragePool", domain=CONTRIBUTED)
def quantized_pool(call: NodeCall) -> list[Operand]:
    if call.integer("channels_last", 0):
        raise NotSaid("channels in the last axis")
    return [windows.slide(call.tape, "global_avg_pool", {}, call.tensor())]


@operator("QLinearConcat", domain=CONTRIBUTED)
def quantized_concat(call: NodeCall) -> list[Operand]:
    """After the scale and zero of the output, each tensor with its own."""
    given = [call.operand(place) for place in range(2, len(call.inputs), 3)]
    x = call.tensor(2)
    return [parts.concat(call.tape, given, call.axis(x))]


@operator("QGemm", domain=CONTRIBUTED)
def quantized_gemm(call: NodeCall) -> list[Operand]:
    """The inputs a, scale, zero; b, scale, zero; bias; scale and zero of the output."""
    by_rows = bool(call.integer("transB", 0))
    return [dense(call, call.tensor(), call.array(3), call.optional(6), by_rows=by_rows)]
