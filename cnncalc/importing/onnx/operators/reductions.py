"""Means, sums and extremes along axes, and functions that compare the numbers along one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from cnncalc.importing.onnx.attributes import place_of
from cnncalc.importing.onnx.call import NodeCall
from cnncalc.importing.onnx.operators import operator
from cnncalc.importing.tensors import movement, reductions
from cnncalc.importing.tensors.tensor import NotSaid, Operand, TapeArray

_TYPES: Mapping[str, str] = MappingProxyType({
    "ReduceMean": "reduce_mean", "ReduceSum": "reduce_sum", "ReduceMax": "reduce_max", "ReduceMin": "reduce_min",
    "ReduceProd": "reduce_prod", "ReduceL1": "reduce_l1", "ReduceL2": "reduce_l2", "ReduceLogSum": "reduce_log_sum",
    "ReduceLogSumExp": "reduce_log_sum_exp", "ReduceSumSquare": "reduce_sum_square",
})  # fmt: skip


@operator(*_TYPES)
def reduce(call: NodeCall) -> list[Operand]:
    """Over the spatial axes of an image, with the axes kept, a global pool."""
    x = call.tensor()
    axes = call.axes()
    if not axes and call.integer("noop_with_empty_axes", 0):
        return [x]
    places = [place_of(axis, x.rank, call.op) for axis in axes] if axes else None
    return [reductions.reduce(call.tape, _TYPES[call.op], x, places, keep=bool(call.integer("keepdims", 1)))]


@operator("ArgMax", "ArgMin")
def extreme(call: NodeCall) -> list[Operand]:
    x = call.tensor()
    place = call.axis(x, default=0)
    keep = bool(call.integer("keepdims", 1))
    return [reductions.reduce(call.tape, call.op.lower(), x, [place], keep=keep)]


@operator("Softmax", "LogSoftmax", "Hardmax")
def softmax(call: NodeCall) -> list[Operand]:
    """Before opset 13 the axis was 1 by default, and the axes after it competed as well."""
    types = {"Softmax": "softmax", "LogSoftmax": "log_softmax", "Hardmax": "hardmax"}
    x = call.tensor()
    axis = call.axis(x, default=1 if call.opset < 13 else -1)
    if call.opset < 13 and any(size != 1 for size in x.dims[axis + 1 :]):
        flat = movement.flatten(call.tape, x, axis)
        return [movement.reshape(call.tape, reductions.along(call.tape, types[call.op], flat, axis), x.dims)]
    return [reductions.along(call.tape, types[call.op], x, axis)]


@operator("CumSum")
def cumulative_sum(call: NodeCall) -> list[Operand]:
    x, axis = call.tensor(), call.array(1)
    if axis.number is None:
        raise NotSaid("an axis that is computed")
    flags: dict[str, Any] = {"exclusive": call.integer("exclusive", 0), "backwards": call.integer("reverse", 0)}
    given = {name: True for name, value in flags.items() if value}
    place = place_of(int(axis.number), x.rank, call.op)
    return [reductions.along(call.tape, "cumulative_sum", x, place, **given)]


@operator("TopK")
def top_k(call: NodeCall) -> list[Operand]:
    """The largest numbers along an axis, and their positions, have no layer type, but a known number."""
    x = call.tensor()
    count: Any = call.integer("k") if "k" in call.node.attributes else call.operand(1)
    number = count.number if isinstance(count, TapeArray) else count
    if not isinstance(number, int):
        raise NotSaid("a number of positions that is computed")
    place = call.axis(x, default=-1)
    x.single(place)
    dims = (*x.dims[:place], number, *x.dims[place + 1 :])
    return [call.tape.opaque([x], dims, x.batch) for name in call.node.outputs if name]
