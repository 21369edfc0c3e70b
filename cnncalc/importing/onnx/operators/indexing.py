"""Elements at positions: parts of a tensor, rows of a table, and what writes at positions."""

from __future__ import annotations

from math import prod
from typing import Any

from cnncalc.importing.onnx.attributes import place_of
from cnncalc.importing.onnx.call import NodeCall
from cnncalc.importing.onnx.operators import operator
from cnncalc.importing.tensors import lookup, movement, parts
from cnncalc.importing.tensors.tensor import NotSaid, Operand, TapeArray

_MOST_LISTED = 64
"""The number of positions that are listed; of more, only their number is."""


@operator("Gather")
def gather(call: NodeCall) -> list[Operand]:
    """Rows of a table of weights are an embedding; positions of a tensor are a part of it."""
    data, indices = call.operand(), call.operand(1)
    axis = place_of(call.integer("axis", 0), len(data.dims), call.op)
    is_known = isinstance(indices, TapeArray) or indices.free
    if isinstance(data, TapeArray) and not is_known and axis == 0 and len(data.dims) == 2:
        return [lookup.embed(call.tape, data, indices)]
    if not is_known:
        raise NotSaid("positions that are computed")
    x = call.tape.tensor(data)
    values = indices.values if isinstance(indices, TapeArray) else None
    if values is not None and values == tuple(range(x.dims[axis])):  # every position in order
        return [movement.reshape(call.tape, x, (*x.dims[:axis], *indices.dims, *x.dims[axis + 1 :]))]
    if values is None or len(indices.dims) > 1 or len(values) > _MOST_LISTED:
        return [parts.gather_any(call.tape, x, axis, indices.dims)]
    found = [int(value) for value in values]
    if any(not -x.dims[axis] <= index < x.dims[axis] for index in found):
        raise NotSaid("positions outside of the axis")
    if not indices.dims:
        return [parts.select(call.tape, x, axis, found[0])]
    return [parts.gather(call.tape, x, axis, found)]


@operator("GatherND")
def gather_nd(call: NodeCall) -> list[Operand]:
    """Positions along several axes at once, known ones: as positions along these axes in one."""
    x, indices = call.tensor(), call.operand(1)
    count = indices.dims[-1] if indices.dims else 0
    if call.integer("batch_dims", 0) or not 0 < count <= x.rank:
        raise NotSaid("positions in each sample")
    if not (isinstance(indices, TapeArray) or indices.free):
        raise NotSaid("positions that are computed")
    for place in range(count):
        x.single(place)
    merged = movement.reshape(call.tape, x, (prod(x.dims[:count]), *x.dims[count:]))
    return [parts.gather_any(call.tape, merged, 0, indices.dims[:-1])]


@operator("GatherElements")
def gather_elements(call: NodeCall) -> list[Operand]:
    """The numbers at positions that a tensor gives: no layer type, and the sizes of the positions."""
    indices = call.tensor(1)
    return [call.tape.opaque([call.tensor(), indices], indices.dims, indices.batch)]


@operator("ScatterND", "ScatterElements", "Scatter", "TensorScatter", "ReverseSequence")
def scatter(call: NodeCall) -> list[Operand]:
    """Numbers at other positions: no layer type, and the sizes of the first tensor."""
    x = call.tensor()
    given = [x, *(each for each in call.inputs[1:] if each is not None)]
    return [call.tape.opaque([each for each in given if not isinstance(each, TapeArray)], x.dims, x.batch)]


@operator("OneHot")
def one_hot(call: NodeCall) -> list[Operand]:
    x, depth = call.tensor(), call.array(1)
    axis = call.integer("axis", -1)
    if not isinstance(depth.number, int | float) or axis not in (-1, x.rank):
        raise NotSaid("another axis than the last one")
    classes = int(depth.number)
    return [call.tape.append("one_hot", {"classes": classes}, [x], (*x.dims, classes), x.batch)]


@operator("GridSample")
def grid_sample(call: NodeCall) -> list[Operand]:
    modes = {"bilinear": "linear", "linear": "linear", "nearest": "nearest", "bicubic": "cubic", "cubic": "cubic"}
    arguments: dict[str, Any] = {"mode": modes[call.word("mode", "linear", modes)]}
    if (padding := call.word("padding_mode", "zeros")) != "zeros":
        arguments["padding_mode"] = padding
    if call.integer("align_corners", 0):
        arguments["align_corners"] = True
    return [call.layer("grid_sample", arguments, [call.tensor(), call.tensor(1)])]


@operator("AffineGrid")
def affine_grid(call: NodeCall) -> list[Operand]:
    sizes = call.numbers(1)
    arguments: dict[str, Any] = {"size": sizes[2:]}
    if call.integer("align_corners", 0):
        arguments["align_corners"] = True
    return [call.layer("affine_grid", arguments, [call.tensor()])]
