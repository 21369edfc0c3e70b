"""Comparisons of two tensors along an axis: the angle between vectors, and their distance."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cnncalc.importing.python.fields import fields_of, layer_type
from cnncalc.importing.python.torch.operations import FunctionRow, TorchCall
from cnncalc.importing.tensors import reductions
from cnncalc.importing.tensors.tensor import NotSaid, Operand, TapeTensor


def cosine_similarity(call: TorchCall, a: Operand, b: Operand) -> TapeTensor:
    """The cosines of the angles between the vectors along an axis of two tensors."""
    axis = call.integer("dim", 1)
    epsilon = call.get("eps")
    fields = {} if epsilon is None else {"epsilon": epsilon}
    return _compared(call, "cosine_similarity", a, b, axis, {"axis": call.tape.tensor(a).single(axis), **fields})


def pairwise_distance(call: TorchCall, a: Operand, b: Operand) -> TapeTensor:
    """The distances between the vectors along the last axis of two tensors."""
    words = {name: call.get(name) for name in ("p", "eps", "keepdim")}
    return _compared(call, "pairwise_distance", a, b, -1, fields_of(layer_type("pairwise_distance"), words))


def _compared(
    call: TorchCall, type: str, a: Operand, b: Operand, axis: int, fields: Mapping[str, object]
) -> TapeTensor:  # fmt: skip
    one, other = call.tape.tensor(a), call.tape.tensor(b)
    if one.dims != other.dims or one.batch != other.batch:
        raise NotSaid("tensors of other sizes")
    one.single(axis)
    dims, batch = reductions.reduced(one, [axis % one.rank], keep=call.get("keepdim") is True)
    return call.tape.append(type, fields, [one, other], dims, batch)


FUNCTIONS: Mapping[str, FunctionRow] = MappingProxyType({
    "cosine_similarity": (
        "x1! x2! dim eps", lambda call: cosine_similarity(call, call.tensor("x1"), call.tensor("x2"))
    ),
    "pairwise_distance": (
        "x1! x2! p eps keepdim", lambda call: pairwise_distance(call, call.tensor("x1"), call.tensor("x2"))
    ),
})  # fmt: skip
