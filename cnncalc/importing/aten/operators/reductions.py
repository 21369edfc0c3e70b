"""Means, sums, extremes and softmax along axes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from cnncalc.importing.aten.conversion import AtenCall, AtenValue
from cnncalc.importing.aten.operators import operator
from cnncalc.importing.tensors import reductions
from cnncalc.importing.tensors.tensor import NotSaid, TapeTensor

_TYPES: Mapping[str, str] = MappingProxyType({
    "mean": "reduce_mean", "sum": "reduce_sum", "amax": "reduce_max", "amin": "reduce_min", "prod": "reduce_prod",
    "logsumexp": "reduce_log_sum_exp", "argmax": "argmax", "argmin": "argmin",
})  # fmt: skip


def _axes(dim: Any) -> list[int] | None:
    return [dim] if isinstance(dim, int) else list(dim) if dim else None


@operator(*_TYPES)
def reduce(call: AtenCall, x: AtenValue, dim: Any = None, keepdim: bool = False, **keywords: Any) -> TapeTensor:
    name = call.node.operator.removeprefix("aten.")
    return reductions.reduce(call.tape, _TYPES[name], x, _axes(dim), keep=keepdim)


@operator("max", "min")
def extreme(call: AtenCall, x: AtenValue, dim: Any = None, keepdim: bool = False) -> list[AtenValue] | TapeTensor:
    if dim is not None and not isinstance(dim, int):
        raise NotSaid("two operands")
    y = reductions.reduce(call.tape, f"reduce_{call.node.operator.removeprefix('aten.')}", x, _axes(dim), keep=keepdim)
    return y if dim is None else [y, None]


@operator("std", "var")
def spread(
    call: AtenCall, x: AtenValue, dim: Any = None, unbiased: Any = True, keepdim: bool = False,
    *, correction: Any = None,
) -> TapeTensor:  # fmt: skip
    type = "reduce_std" if call.node.operator == "aten.std" else "reduce_variance"
    return reductions.reduce(call.tape, type, x, _axes(dim), keep=keepdim)


@operator("linalg_vector_norm", "norm")
def norm(
    call: AtenCall, x: AtenValue, ord: Any = 2, dim: Any = None, keepdim: bool = False, **keywords: Any
) -> TapeTensor:
    types = {1: "reduce_l1", 2: "reduce_l2", None: "reduce_l2"}
    if ord not in types:
        raise NotSaid("a norm of another order")
    return reductions.reduce(call.tape, types[ord], x, _axes(dim), keep=keepdim)


@operator("softmax", "_softmax", "log_softmax", "_log_softmax")
def softmax(call: AtenCall, x: AtenValue, dim: int, *arguments: Any, **keywords: Any) -> TapeTensor:
    type = "log_softmax" if "log" in call.node.operator else "softmax"
    return reductions.along(call.tape, type, x, dim)


@operator("cumsum")
def cumulative_sum(call: AtenCall, x: AtenValue, dim: int, **keywords: Any) -> TapeTensor:
    return reductions.along(call.tape, "cumulative_sum", x, dim)


@operator("glu")
def glu(call: AtenCall, x: AtenValue, dim: int = -1) -> TapeTensor:
    return reductions.halved(call.tape, x, dim)
