"""Products that sum over an axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from cnncalc.importing.aten.conversion import AtenCall, AtenValue, bound
from cnncalc.importing.aten.operators import operator
from cnncalc.importing.tensors import products
from cnncalc.importing.tensors.arithmetic import combine, scaled
from cnncalc.importing.tensors.tensor import NotSaid, TapeTensor


@operator("linear")
def linear(call: AtenCall, input: AtenValue, weight: AtenValue, bias: AtenValue = None) -> TapeTensor:
    return products.linear(call.tape, input, weight, bias)


@operator("bilinear")
def bilinear(call: AtenCall, a: AtenValue, b: AtenValue, weight: AtenValue, bias: AtenValue = None) -> TapeTensor:
    return products.bilinear(call.tape, a, b, weight, bias)


@operator("matmul", "mm", "bmm", "mv", "dot")
def matmul(call: AtenCall, a: AtenValue, b: AtenValue) -> TapeTensor:
    return products.matmul(call.tape, a, b)


@operator("addmm", "baddbmm")
def add_product(
    call: AtenCall, x: AtenValue, a: AtenValue, b: AtenValue, *, beta: float = 1, alpha: float = 1
) -> TapeTensor:  # fmt: skip
    y = scaled(call.tape, products.matmul(call.tape, a, b), scale=alpha)
    return y if beta == 0 else combine(call.tape, "add", [scaled(call.tape, x, scale=beta), y])


@operator("einsum")
def einsum(call: AtenCall, equation: str, tensors: Sequence[AtenValue], path: Any = None) -> TapeTensor:
    return products.einsum(call.tape, equation, tensors)


_ATTENTION: Mapping[str, Any] = MappingProxyType(
    {"attn_mask": None, "dropout_p": 0, "is_causal": False, "scale": None, "enable_gqa": False}
)


@operator("scaled_dot_product_attention")
def attention(
    call: AtenCall, query: AtenValue, key: AtenValue, value: AtenValue, *rest: Any, **keywords: Any
) -> TapeTensor:  # fmt: skip
    given = bound(_ATTENTION, rest, keywords)
    if given["enable_gqa"] and query.dims[-3] != key.dims[-3]:
        raise NotSaid("heads that share keys")
    mask, causal, scale = given["attn_mask"], given["is_causal"], given["scale"]
    return products.attention(call.tape, (query, key, value), mask, causal=causal, scale=scale)
