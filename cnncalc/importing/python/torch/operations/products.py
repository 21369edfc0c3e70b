"""Products: matrices, Einstein sums, attention, and dense layers and convolutions with given arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from cnncalc.importing.python.fields import short
from cnncalc.importing.python.torch.operations import FunctionRow, TorchCall
from cnncalc.importing.python.torch.problems import check_axis, wrong_product
from cnncalc.importing.python.torch.tensor import operand
from cnncalc.importing.tensors import arithmetic, computed_kernels, products, tied, windows
from cnncalc.importing.tensors.tensor import NotSaid, TapeArray


def matmul(call: TorchCall) -> object:
    a, b = call.tensor(), call.tensor("other")
    if len(a.dims) and len(b.dims):
        inner = b.dims[-2] if len(b.dims) > 1 else b.dims[-1]
        if a.dims[-1] != inner:
            wrong_product(call, a, b)
            raise NotSaid("matrices that do not fit")
    made = [isinstance(each, TapeArray) and not each.learned and not each.name for each in (a, b)]
    if all(made) and len(a.dims) > 1 and len(b.dims) > 1:
        return TapeArray((*arithmetic.broadcast([a.dims[:-2], b.dims[:-2]]), a.dims[-2], b.dims[-1]))
    if isinstance(b, TapeArray) and tied.is_tied(call.tape, b):
        return tied.product(call.tape, a, b)
    return products.matmul(call.tape, a, b)


def einsum(call: TorchCall) -> object:
    equation, values = call.get("equation"), call.get("operands", ())
    if not isinstance(equation, str) or not isinstance(values, list | tuple):
        raise NotSaid("an equation that is computed")
    return products.einsum(call.tape, equation.replace(" ", ""), [operand(call.tape, each) for each in values])


def with_sum(call: TorchCall) -> object:
    """`addmm` and `baddbmm`."""
    product = products.matmul(call.tape, call.tensor("mat1"), call.tensor("mat2"))
    return arithmetic.combine(call.tape, "add", [call.tensor(), product])


def linear(call: TorchCall) -> object:
    x, weight = call.tensor(), call.tensor("weight")
    bias = None if call.get("bias") is None else call.tensor("bias")
    if len(weight.dims) == 2:
        check_axis(call, x, -1, weight.dims[1], "weight")
    if isinstance(weight, TapeArray) and weight.is_turned:
        return tied.product(call.tape, x, replace(weight, dims=weight.dims[::-1]), bias)
    return products.linear(call.tape, x, weight, bias)


def attention(call: TorchCall) -> object:
    mask = call.get("attn_mask")
    scale = call.get("scale")
    if call.get("enable_gqa"):
        raise NotSaid("heads that share keys")
    return products.attention(
        call.tape, (call.tensor("query"), call.tensor("key"), call.tensor("value")),
        None if mask is None else call.tensor("attn_mask"), causal=bool(call.get("is_causal")),
        scale=scale if isinstance(scale, int | float) else None,
    )  # fmt: skip


def convolution(call: TorchCall) -> object:
    """`F.conv2d` and its relatives, with a kernel that the program names."""
    x, kernel = call.tensor(), call.tensor("weight")
    bias = None if call.get("bias") is None else call.tensor("bias")
    is_transposed = "transpose" in call.word
    groups = call.integer("groups", 1)
    if not isinstance(kernel, TapeArray) and is_transposed:
        raise NotSaid("a kernel that is computed")
    if isinstance(kernel, TapeArray) and not is_transposed:
        check_axis(call, x, 1, kernel.dims[1] * groups, "weight")
    fields: dict[str, Any] = {}
    for name in ("stride", "padding", "dilation", "output_padding"):
        value = call.get(name)
        if value is not None and value not in ((0, 1)[name in ("stride", "dilation")], "valid"):
            fields[name] = short(value)
    if groups > 1:
        fields["groups"] = groups
    if not isinstance(kernel, TapeArray):
        return computed_kernels.convolve(call.tape, x, kernel, bias, fields, short(kernel.dims[2:]))
    return windows.convolve(call.tape, x, kernel, bias, fields, transposed=is_transposed)


_CONV = "input! weight! bias stride padding dilation groups"
_TRANSPOSED = "input! weight! bias stride padding output_padding groups dilation"

FUNCTIONS: Mapping[str, FunctionRow] = MappingProxyType({
    **dict.fromkeys(("matmul", "mm", "bmm", "mv", "dot"), ("input! other!", matmul)),
    "einsum": ("equation! *operands", einsum), "addmm": ("input! mat1! mat2! beta alpha", with_sum),
    "baddbmm": ("input! mat1! mat2! beta alpha", with_sum), "linear": ("input! weight! bias", linear),
    "scaled_dot_product_attention": ("query! key! value! attn_mask dropout_p is_causal scale enable_gqa", attention),
    **{f"conv{rank}d": (_CONV, convolution) for rank in (1, 2, 3)},
    **{f"conv_transpose{rank}d": (_TRANSPOSED, convolution) for rank in (1, 2, 3)},
})  # fmt: skip
