"""Operations that move elements. The batch, axis 0, has to stay where it is."""

from __future__ import annotations

from math import prod
from typing import Any

from cnncalc.importing.onnx.conversion import Conversion, NotSaid
from cnncalc.importing.onnx.folding import axes_of, resolved
from cnncalc.importing.onnx.operators import operator
from cnncalc.importing.onnx.proto import OnnxNode
from cnncalc.importing.onnx.values import Constant, LayerValue, Value


def _tensor(value: Value | None) -> LayerValue:
    """A tensor with a batch. Raises NotSaid for anything else."""
    if not isinstance(value, LayerValue) or not value.batched:
        raise NotSaid("an input without a batch")
    return value


def _constants(inputs: list[Value | None]) -> list[Constant | None]:
    return [each if isinstance(each, Constant) else None for each in inputs]


def _numbers(node: OnnxNode, inputs: list[Value | None], place: int, key: str) -> list[int] | None:
    """Whole numbers that old opsets give as an attribute and new ones as an input. Raises NotSaid for computed ones."""
    if key in node.attributes:
        return [int(value) for value in node.attributes[key]]
    given = inputs[place] if len(inputs) > place else None
    if given is None:
        return None
    if not isinstance(given, Constant) or given.values is None:
        raise NotSaid(f"{key} that are computed")
    return [int(value) for value in given.values]


@operator("Flatten")
def flatten(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    x = _tensor(inputs[0])
    if node.attributes.get("axis", 1) % max(len(x.dims), 1) != 1:
        raise NotSaid("an axis that cuts samples apart")
    return [x if len(x.shape) == 1 else conversion.add(node, "flatten", {}, [x])]


@operator("Reshape")
def reshape(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    x = _tensor(inputs[0])
    target = _numbers(node, inputs, 1, "shape") or []
    if not node.attributes.get("allowzero", 0):
        target = [x.dims[place] if size == 0 else size for place, size in enumerate(target)]
    dims = resolved(target, prod(x.dims))
    if not dims or dims[0] != x.dims[0]:
        raise NotSaid("a shape that mixes samples")
    if dims == x.dims:
        return [x]
    if len(dims) == 2:
        return [conversion.add(node, "flatten", {}, [x])]
    return [conversion.add(node, "reshape", {"shape": list(dims[1:])}, [x])]


@operator("Transpose")
def transpose(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    x = _tensor(inputs[0])
    order = list(node.attributes.get("perm") or reversed(range(len(x.dims))))
    if order[0] != 0:
        raise NotSaid("an order that moves the batch")
    return [conversion.add(node, "permute", {"order": order[1:]}, [x])]


@operator("Squeeze", "Unsqueeze")
def squeeze(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    x = _tensor(inputs[0])
    axes = axes_of(node, _constants(inputs))
    if axes is None:
        raise NotSaid("axes that are computed")
    rank = len(x.dims) + (len(axes) if node.op == "Unsqueeze" else 0)
    places = [axis % rank for axis in axes]
    if 0 in places:
        raise NotSaid("an axis before the batch")
    return [conversion.add(node, node.op.lower(), {"axis": places if len(places) > 1 else places[0]}, [x])]


@operator("Concat")
def concat(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    given = [each for each in inputs if each is not None]
    first = next(each for each in given if isinstance(each, LayerValue))
    axis = node.attributes["axis"] % len(first.dims)
    if axis == 0:
        raise NotSaid("samples that are joined")
    if len(given) == 1:
        return given
    return [conversion.add(node, "concat", {} if axis == 1 else {"axis": axis}, given)]


@operator("Pad")
def pad(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    x = _tensor(inputs[0])
    pads = _numbers(node, inputs, 1, "pads") or []
    rank = len(x.dims)
    amounts = [[before, after] for before, after in zip(pads[:rank], pads[rank:], strict=True)]
    if any(amounts[0]):
        raise NotSaid("padding of the batch")
    if not any(map(any, amounts)):
        return [x]
    axes = [axis for axis in range(1, rank) if any(amounts[axis])]
    mode = node.attributes.get("mode", "constant")
    types = {"constant": "zero_pad", "reflect": "reflection_pad", "edge": "replication_pad", "wrap": "circular_pad"}
    if mode != "constant" and axes != list(range(2, rank)):
        raise NotSaid(f"{mode} padding of other axes")
    arguments: dict[str, Any] = {"amount": [amounts[axis] for axis in axes]}
    if mode == "constant":
        arguments["axes"] = axes
    return [conversion.add(node, types[mode], arguments, [x])]


@operator("Slice")
def slice_(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    """One layer for each axis that is cut."""
    x = _tensor(inputs[0])
    starts, ends = _numbers(node, inputs, 1, "starts") or [], _numbers(node, inputs, 2, "ends") or []
    axes = _numbers(node, inputs, 3, "axes") or list(range(len(starts)))
    steps = _numbers(node, inputs, 4, "steps") or [1] * len(starts)
    cuts = []
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        size = x.dims[axis % len(x.dims)]
        first, stop, _ = slice(start, None if step < 0 and end < -size else end, step).indices(size)
        if (first, stop, step) != (0, size, 1):
            cuts.append((axis % len(x.dims), first, stop, step))
    if any(axis == 0 for axis, *_ in cuts):
        raise NotSaid("samples of a batch")
    for number, (axis, first, stop, step) in enumerate(cuts, 1):
        arguments: dict[str, Any] = {"start": first, "stop": stop, "axis": axis}
        if step < 0:
            arguments = {"step": step, "axis": axis}
            if stop >= 0 or first != x.dims[axis] - 1:
                raise NotSaid("a part in reverse")
        elif step != 1:
            arguments["step"] = step
        x = conversion.add(node, "slice", arguments, [x], suffix="" if number == len(cuts) else f"_{number}")
    return [x]


@operator("Split")
def split(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    x = _tensor(inputs[0])
    axis = node.attributes.get("axis", 0) % len(x.dims)
    sizes = _numbers(node, inputs, 1, "split")
    count = len(node.outputs)
    if axis == 0:
        raise NotSaid("a batch that is cut")
    if not sizes:
        part = -(-x.dims[axis] // count)
        sizes = [part] * (count - 1) + [x.dims[axis] - part * (count - 1)]
    found: list[Value] = []
    start = 0
    for number, size in enumerate(sizes):
        arguments = {"start": start, "stop": start + size, "axis": axis}
        found.append(conversion.add(node, "slice", arguments, [x], suffix=f"_{number}"))
        start += size
    return found


@operator("DepthToSpace", "SpaceToDepth")
def blocks(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    arguments: dict[str, Any] = {"factor": node.attributes["blocksize"]}
    if node.attributes.get("mode", "DCR") == "CRD":
        arguments["order"] = "crd"
    type = "depth_to_space" if node.op == "DepthToSpace" else "space_to_depth"
    return [conversion.add(node, type, arguments, [_tensor(inputs[0])])]


@operator("Expand")
def expand(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    x = _tensor(inputs[0])
    sizes = _numbers(node, inputs, 1, "shape") or []
    dims = [1] * (len(x.dims) - len(sizes)) + sizes
    if len(dims) != len(x.dims) or dims[0] not in (1, x.dims[0]):
        raise NotSaid("new axes")
    wanted = [max(own, size) for own, size in zip(x.dims, dims, strict=True)]
    return [x if tuple(wanted) == x.dims else conversion.add(node, "expand", {"size": wanted[1:]}, [x])]
