"""Operations that give the same numbers other axes, and parts of tensors."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from math import prod
from types import MappingProxyType
from typing import Any

from cnncalc.importing.onnx.attributes import Malformed, place_of
from cnncalc.importing.onnx.call import NodeCall
from cnncalc.importing.onnx.folding import rows_of
from cnncalc.importing.onnx.operators import operator
from cnncalc.importing.tensors import movement, parts, windows
from cnncalc.importing.tensors.tensor import Operand, TapeArray


@operator("Flatten")
def flatten(call: NodeCall) -> list[Operand]:
    """The axes before `axis` become one, and those from it on."""
    x = call.tensor()
    axis = call.integer("axis", 1)
    place = axis if axis == x.rank else place_of(axis, x.rank, call.op)
    return [movement.reshape(call.tape, x, (prod(x.dims[:place]), prod(x.dims[place:])))]


@operator("Reshape")
def reshape(call: NodeCall) -> list[Operand]:
    x = call.operand()
    target = call.numbers(1, "shape")
    if not call.integer("allowzero", 0):
        if any(size == 0 for size in target[len(x.dims) :]):
            raise Malformed("Reshape copies the size of an axis that the tensor does not have")
        target = [x.dims[place] if size == 0 else size for place, size in enumerate(target)]
    return [movement.reshape(call.tape, x, target)]


@operator("Transpose")
def transpose(call: NodeCall) -> list[Operand]:
    x = call.tensor()
    order = call.integers("perm", list(range(x.rank))[::-1], count=x.rank)
    if sorted(order) != list(range(x.rank)):
        raise Malformed(f'the attribute "perm" holds {order}, but every axis from 0 to {x.rank - 1} is needed once')
    return [movement.permute(call.tape, x, order)]


@operator("Squeeze")
def squeeze(call: NodeCall) -> list[Operand]:
    x, axes = call.tensor(), call.axes()
    places = None if axes is None else [place_of(axis, x.rank, call.op) for axis in axes]
    return [movement.squeeze(call.tape, x, places)]


@operator("Unsqueeze")
def unsqueeze(call: NodeCall) -> list[Operand]:
    x, axes = call.tensor(), call.axes() or []
    rank = x.rank + len(axes)
    for place in sorted(place_of(axis, rank, call.op) for axis in axes):
        x = movement.unsqueeze(call.tape, x, place)
    return [x]


@operator("Expand")
def expand(call: NodeCall) -> list[Operand]:
    x, sizes = call.tensor(), call.numbers(1, "shape")
    wanted = [1] * (x.rank - len(sizes)) + sizes
    own = [1] * (len(wanted) - x.rank) + list(x.dims)
    if any(1 not in (old, new) and old != new for old, new in zip(own, wanted, strict=True)):
        raise Malformed(f"Expand cannot give {list(x.dims)} the sizes {sizes}")
    return [movement.expand(call.tape, x, [new if old == 1 else old for old, new in zip(own, wanted, strict=True)])]


@operator("Tile")
def tile(call: NodeCall) -> list[Operand]:
    x, times = call.tensor(), call.numbers(1)
    if len(times) != x.rank:
        raise Malformed(f"Tile has {len(times)} numbers for {x.rank} axes")
    return [movement.repeat(call.tape, x, times)]


@operator("Concat")
def concat(call: NodeCall) -> list[Operand]:
    given = [each for each in call.inputs if each is not None]
    rank = len(call.operand().dims)
    if any(len(each.dims) != rank for each in given):
        raise Malformed("Concat joins tensors with different numbers of axes")
    return [parts.concat(call.tape, given, place_of(call.integer("axis"), rank, call.op))]


@operator("Split")
def split(call: NodeCall) -> list[Operand]:
    """A learned array becomes several ones: PyTorch's attention keeps the weights of its projections in one."""
    x = call.operand()
    axis = place_of(call.integer("axis", 0), len(x.dims), call.op)
    count = call.integer("num_outputs", len(call.node.outputs))
    sizes = call.numbers(1, "split", [])
    if not sizes:
        if count < 1:
            raise Malformed("Split gives nothing")
        part = -(-x.dims[axis] // count)
        sizes = [part] * (count - 1) + [x.dims[axis] - part * (count - 1)]
    if any(size < 0 for size in sizes) or sum(sizes) != x.dims[axis]:
        raise Malformed(f"Split cuts an axis of {x.dims[axis]} into {sizes}")
    if isinstance(x, TapeArray) and x.learned and axis == 0 and not call.tape.is_owned(x):
        ends = list(accumulate(sizes))
        return [rows_of(x, end - size, end) for size, end in zip(sizes, ends, strict=True)]
    return list(parts.split(call.tape, call.tensor(), axis, sizes))


@operator("Slice")
def slice_(call: NodeCall) -> list[Operand]:
    """One layer for each axis that is cut."""
    x = call.tensor()
    starts, ends = call.numbers(1, "starts"), call.numbers(2, "ends")
    axes = call.numbers(3, "axes", range(len(starts)))
    steps = call.numbers(4, "steps", [1] * len(starts))
    if not len(starts) == len(ends) == len(axes) == len(steps) or 0 in steps:
        raise Malformed("Slice has lists of different lengths, or a step of 0")
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        place = place_of(axis, x.rank, call.op)
        size = x.dims[place]
        if step > 0:
            x = parts.slice_(call.tape, x, place, start, end, step)
            continue
        first, last, _ = slice(start, None if end < -size else end, step).indices(size)
        x = parts.flip(call.tape, x, [place])
        if (first, last, step) != (size - 1, -1, -1):
            x = parts.slice_(call.tape, x, place, size - 1 - first, size - 1 - last, -step)
    return [x]


_MODES: Mapping[str, Any] = MappingProxyType(
    {"constant": "constant", "reflect": "reflect", "edge": "replicate", "wrap": "circular"}
)


@operator("Pad")
def pad(call: NodeCall) -> list[Operand]:
    x = call.tensor()
    pads = call.numbers(1, "paddings" if "paddings" in call.node.attributes else "pads")
    axes = [place_of(axis, x.rank, call.op) for axis in call.numbers(3, default=range(x.rank))]
    if len(pads) != 2 * len(axes):
        raise Malformed(f"Pad has {len(pads)} numbers for {len(axes)} axes")
    amounts = [(0, 0)] * x.rank
    for place, before, after in zip(axes, pads[: len(axes)], pads[len(axes) :], strict=True):
        amounts[place] = (before, after)
    given = call.optional(2)
    value: Any = given.number if isinstance(given, TapeArray) else call.real("value", 0.0)
    mode = _MODES[call.word("mode", "constant", _MODES)]
    return [parts.pad(call.tape, x, amounts, mode, value if mode == "constant" and value else 0)]


@operator("CenterCropPad")
def center_crop_pad(call: NodeCall) -> list[Operand]:
    """Each axis is cut or padded to a size, as much before as after."""
    x, sizes = call.tensor(), call.numbers(1)
    axes = [place_of(axis, x.rank, call.op) for axis in call.integers("axes", range(x.rank))]
    amounts = [(0, 0)] * x.rank
    for place, size in zip(axes, sizes, strict=False):
        more = size - x.dims[place]
        if more > 0:
            amounts[place] = (more // 2, more - more // 2)
        elif more < 0:
            start = -more // 2
            x = parts.slice_(call.tape, x, place, start, start + size)
    return [parts.pad(call.tape, x, amounts)]


@operator("DepthToSpace", "SpaceToDepth")
def blocks(call: NodeCall) -> list[Operand]:
    arguments: dict[str, Any] = {"factor": call.integer("blocksize")}
    if call.op == "DepthToSpace" and call.word("mode", "DCR") == "CRD":
        arguments["order"] = "crd"
    type = "depth_to_space" if call.op == "DepthToSpace" else "space_to_depth"
    return [windows.slide(call.tape, type, arguments, call.tensor())]


@operator("Trilu", "RandomNormalLike", "RandomUniformLike", "Bernoulli")
def with_other_numbers(call: NodeCall) -> list[Operand]:
    """Half of a matrix, or random numbers, as a variational autoencoder adds: no layer type, the sizes of the input."""
    x = call.tensor()
    return [call.tape.opaque([x], x.dims, x.batch)]
