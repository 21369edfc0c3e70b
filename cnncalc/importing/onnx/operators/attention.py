"""Attention and rotary embeddings as operators of their own (opset 23)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cnncalc.importing.onnx.attributes import Malformed
from cnncalc.importing.onnx.call import NodeCall
from cnncalc.importing.onnx.operators import operator
from cnncalc.importing.tensors import movement, parts, products
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import NotSaid, Operand, TapeTensor


def into_heads(tape: Tape, x: TapeTensor, heads: int) -> TapeTensor:
    """Samples × positions × features as samples × heads × positions × features."""
    if heads < 1 or x.dims[-1] % heads:
        raise Malformed(f"{x.dims[-1]} features cannot be divided among {heads} heads")
    apart = movement.reshape(tape, x, (*x.dims[:-1], heads, x.dims[-1] // heads))
    return movement.permute(tape, apart, [0, 2, 1, 3])


def out_of_heads(tape: Tape, x: TapeTensor) -> TapeTensor:
    """The reverse of `into_heads`."""
    joined = movement.permute(tape, x, [0, 2, 1, 3])
    return movement.reshape(tape, joined, (*joined.dims[:2], joined.dims[2] * joined.dims[3]))


@dataclass(frozen=True)
class AttentionOptions:
    """The numbers of heads of queries and of keys, where features hold them, and what changes the scores."""

    heads: int
    key_heads: int
    mask: Operand | None = None
    causal: bool = False
    scale: float | None = None
    softcap: float = 0.0


def attend(
    call: NodeCall, query: TapeTensor, key: TapeTensor, value: TapeTensor, options: AttentionOptions
) -> TapeTensor:  # fmt: skip
    """Attention of sequences whose features are split into heads, or of heads as an axis."""
    has_axis = query.rank == 4
    if not has_axis:
        query = into_heads(call.tape, query, options.heads)
    key, value = (each if each.rank == 4 else into_heads(call.tape, each, options.key_heads) for each in (key, value))
    made = products.attention(
        call.tape, (query, key, value), options.mask,
        causal=options.causal, scale=options.scale, softcap=options.softcap,
    )  # fmt: skip
    return made if has_axis else out_of_heads(call.tape, made)


def after_earlier(call: NodeCall, x: TapeTensor, earlier: Operand, heads: int) -> TapeTensor:
    """Keys or values of earlier steps and of these, samples × heads × positions × features."""
    return parts.concat(call.tape, [earlier, x if x.rank == 4 else into_heads(call.tape, x, heads)], 2)


@operator("Attention")
def attention(call: NodeCall) -> list[Operand]:
    """The second and third outputs are all keys and values, those of earlier steps among them."""
    query, key, value = (call.tensor(place) for place in range(3))
    if not query.rank == key.rank == value.rank or query.rank not in (3, 4):
        raise Malformed("queries, keys and values need 3 or 4 axes each")
    scale = call.real("scale") if "scale" in call.node.attributes else None
    heads, fewer = call.integer("q_num_heads", 1), call.integer("kv_num_heads", 1)
    causal, earlier = bool(call.integer("is_causal", 0)), (call.optional(4), call.optional(5))
    if any(each is not None for each in earlier) and causal:
        raise NotSaid("a causal attention that continues earlier steps")
    key, value = (
        each if before is None else after_earlier(call, each, before, fewer)
        for each, before in zip((key, value), earlier, strict=True)
    )
    options = AttentionOptions(heads, fewer, call.optional(3), causal, scale, call.real("softcap", 0.0))
    made = attend(call, query, key, value, options)
    return [made] if earlier == (None, None) else [made, key, value]


@operator("RotaryEmbedding")
def rotary_embedding(call: NodeCall) -> list[Operand]:
    """The tables of cosines and sines are those that the layer computes itself."""
    x = call.tensor()
    arguments: dict[str, Any] = {}
    heads, turned = call.integer("num_heads", 0), call.integer("rotary_embedding_dim", 0)
    if heads and x.rank == 3:
        arguments["heads"] = heads
    if turned:
        arguments["turned"] = turned
    if call.integer("interleaved", 0):
        arguments["interleaved"] = True
    return [call.tape.same("rotary_embedding", arguments, x)]
