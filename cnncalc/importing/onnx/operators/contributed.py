"""Operators of ONNX Runtime (com.microsoft) that its optimizer writes in place of several of ONNX's."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from cnncalc.importing.onnx.attributes import Malformed
from cnncalc.importing.onnx.call import NodeCall, as_weight
from cnncalc.importing.onnx.operators import CONTRIBUTED, operator
from cnncalc.importing.onnx.operators.attention import AttentionOptions, attend
from cnncalc.importing.onnx.operators.linear import dense, gemm
from cnncalc.importing.onnx.operators.normalization import epsilon_of, learned
from cnncalc.importing.onnx.operators.windows import convolution, kernel_of
from cnncalc.importing.tensors import arithmetic, lookup, movement, normalizing, parts, products
from cnncalc.importing.tensors.tensor import NotSaid, Operand, TapeArray, TapeTensor
from cnncalc.number_text import decimal

_ACTIVATIONS: Mapping[str, Any] = MappingProxyType({
    "": "", "Relu": "relu", "Sigmoid": "sigmoid", "Tanh": "tanh", "LeakyRelu": "leaky_relu", "Clip": "clip",
    "HardSigmoid": "hard_sigmoid",
})  # fmt: skip


def _activated(call: NodeCall, x: TapeTensor) -> TapeTensor:
    """The activation that an attribute names, with its parameters."""
    word = call.word("activation", "", _ACTIVATIONS)
    numbers: Any = call.node.attributes.get("activation_params") or []
    given = [float(decimal(each, 7)) for each in numbers if isinstance(each, int | float)]
    names = {"LeakyRelu": ("slope",), "HardSigmoid": ("slope", "offset")}.get(word, ())
    if word == "Clip":
        return arithmetic.clamped(call.tape, x, *(given if len(given) == 2 else (None, None)))
    fields = dict(zip(names, given, strict=False))
    return arithmetic.function(call.tape, _ACTIVATIONS[word], x, **fields) if word else x


@operator("FusedConv", domain=CONTRIBUTED)
def fused_conv(call: NodeCall) -> list[Operand]:
    """A convolution, a sum with another tensor if there is one, and an activation."""
    bias, other = call.optional(2), call.optional(3)
    own = as_weight(bias) if isinstance(bias, TapeArray) else bias
    made = convolution(call, call.tensor(), kernel_of(call), own)
    if other is not None:
        made = arithmetic.combine(call.tape, "add", [made, other])
    return [_activated(call, made)]


@operator("FusedGemm", domain=CONTRIBUTED)
def fused_gemm(call: NodeCall) -> list[Operand]:
    (made,) = gemm(call)
    return [_activated(call, call.tape.tensor(made))]  # type: ignore[arg-type]


@operator("FusedMatMul", "TransposeMatMul", domain=CONTRIBUTED)
def fused_matmul(call: NodeCall) -> list[Operand]:
    a, b = call.tensor(), call.operand(1)
    if call.integer("transBatchA", 0) or call.integer("transBatchB", 0):
        raise NotSaid("a batch that is transposed")
    if call.integer("transA", 0):
        a = movement.transpose(call.tape, a, -2, -1)
    if isinstance(b, TapeArray) and len(b.dims) == 2:
        made = dense(call, a, b, by_rows=bool(call.integer("transB", 0)))
    else:
        b = movement.transpose(call.tape, b, -2, -1) if call.integer("transB", 0) else b
        made = products.matmul(call.tape, a, b)
    return [arithmetic.scaled(call.tape, made, call.real("alpha", 1.0))]


@operator("Gelu", "FastGelu", "BiasGelu", domain=CONTRIBUTED)
def gelu(call: NodeCall) -> list[Operand]:
    x, bias = call.operand(), call.optional(1)
    if bias is not None:
        x = arithmetic.combine(call.tape, "add", [x, bias])
    given = {"approximate": True} if call.op == "FastGelu" else {}
    return [arithmetic.function(call.tape, "gelu", x, **given)]


@operator("QuickGelu", domain=CONTRIBUTED)
def quick_gelu(call: NodeCall) -> list[Operand]:
    return [arithmetic.function(call.tape, "swish", call.operand(), beta=call.real("alpha", 1.702))]


@operator("BiasAdd", domain=CONTRIBUTED)
def bias_add(call: NodeCall) -> list[Operand]:
    return [arithmetic.combine(call.tape, "add", [call.operand(place) for place in range(3)])]


@operator("LayerNormalization", domain=CONTRIBUTED)
def layer_norm(call: NodeCall) -> list[Operand]:
    return [_normalized(call, call.tensor(), 1, 2)]


@operator("SimplifiedLayerNormalization", domain=CONTRIBUTED)
@operator("SimplifiedLayerNormalization")
def rms_norm(call: NodeCall) -> list[Operand]:
    return [normalizing.rms_norm(call.tape, call.tensor(), 1, learned(call, 1), epsilon_of(call))]


def _normalized(call: NodeCall, x: TapeTensor, scale: int, shift: int) -> TapeTensor:
    return normalizing.layer_norm(call.tape, x, 1, learned(call, scale), learned(call, shift), epsilon_of(call))


@operator("SkipLayerNormalization", "SkipSimplifiedLayerNormalization", domain=CONTRIBUTED)
def skip_layer_norm(call: NodeCall) -> list[Operand | None]:
    """A sum of two tensors, and a bias if there is one, normalized; the sum itself is the fourth output."""
    is_plain = call.op == "SkipLayerNormalization"
    total = arithmetic.combine(call.tape, "add", [call.operand(0), call.operand(1)])
    if (bias := call.optional(4 if is_plain else 3)) is not None:
        total = arithmetic.combine(call.tape, "add", [total, bias])
    if is_plain:
        return [_normalized(call, total, 2, 3), None, None, total]
    return [normalizing.rms_norm(call.tape, total, 1, learned(call, 2), epsilon_of(call)), None, None, total]


@operator("EmbedLayerNormalization", domain=CONTRIBUTED)
def embed_layer_norm(call: NodeCall) -> list[Operand]:
    """The sum of a word's, a position's and a segment's row, normalized."""
    words = call.tensor()
    rows = [lookup.embed(call.tape, as_weight(call.array(2)), words)]
    positions = parts.slice_(call.tape, as_weight(call.array(3)), 0, 0, words.dims[-1])
    rows.append(movement.unsqueeze(call.tape, positions, 0))
    if (segments := call.optional(1)) is not None and call.optional(4) is not None:
        rows.append(lookup.embed(call.tape, as_weight(call.array(4)), segments))
    return [_normalized(call, arithmetic.combine(call.tape, "add", rows), 5, 6)]


@operator("Attention", domain=CONTRIBUTED)
def attention(call: NodeCall) -> list[Operand]:
    """One matrix gives queries, keys and values; a mask of the padding changes no sizes."""
    if call.optional(4) is not None:
        raise NotSaid("keys and values of earlier steps")
    x, weights, heads = call.tensor(), call.array(1), call.integer("num_heads")
    made = dense(call, x, weights, call.optional(2))
    width = made.dims[-1]
    sizes = call.integers("qkv_hidden_sizes", [width // 3] * 3, count=3)
    if sum(sizes) != width:
        raise Malformed(f"{width} features cannot be divided into {sizes}")
    query, key, value = parts.split(call.tape, made, made.rank - 1, sizes)
    causal = bool(call.integer("unidirectional", 0))
    mask = None if causal else call.optional(5)
    return [attend(call, query, key, value, AttentionOptions(heads, heads, mask, causal))]


@operator("MultiHeadAttention", domain=CONTRIBUTED)
def multi_head_attention(call: NodeCall) -> list[Operand]:
    """Sequences of queries, keys and values, each with its part of one bias."""
    if call.optional(6) is not None:
        raise NotSaid("keys and values of earlier steps")
    given = [call.tensor(place) for place in range(3)]
    if any(each.rank != 3 for each in given):
        raise NotSaid("queries, keys and values in one tensor")
    if (bias := call.optional(3)) is not None:
        ends = [sum(each.dims[-1] for each in given[:k]) for k in range(4)]
        given = [
            arithmetic.combine(call.tape, "add", [each, parts.slice_(call.tape, bias, 0, start, stop)])
            for each, start, stop in zip(given, ends, ends[1:], strict=False)
        ]
    heads = call.integer("num_heads")
    query, key, value = given
    causal = bool(call.integer("unidirectional", 0))
    mask = None if causal else call.optional(5)
    return [attend(call, query, key, value, AttentionOptions(heads, heads, mask, causal))]
