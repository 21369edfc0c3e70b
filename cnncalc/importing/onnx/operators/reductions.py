"""Means, sums and extremes along axes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from cnncalc.importing.onnx.conversion import Conversion, NotSaid
from cnncalc.importing.onnx.folding import axes_of
from cnncalc.importing.onnx.operators import operator
from cnncalc.importing.onnx.proto import OnnxNode
from cnncalc.importing.onnx.values import Constant, LayerValue, Value

_TYPES: Mapping[str, str] = MappingProxyType({
    "ReduceMean": "reduce_mean", "ReduceSum": "reduce_sum", "ReduceMax": "reduce_max", "ReduceMin": "reduce_min",
    "ReduceProd": "reduce_prod",
})  # fmt: skip


@operator(*_TYPES)
def reduce(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    """Over the spatial axes of an image, with the axes kept, a global pool."""
    x = inputs[0]
    if not isinstance(x, LayerValue):
        raise NotSaid("an input without a batch")
    constants = [each if isinstance(each, Constant) else None for each in inputs]
    axes = axes_of(node, constants)
    places = sorted(axis % len(x.dims) for axis in axes) if axes else list(range(len(x.dims)))
    keep = bool(node.attributes.get("keepdims", 1))
    if 0 in places:
        raise NotSaid("a mean over samples")
    pools = {"ReduceMean": "global_avg_pool", "ReduceMax": "global_max_pool"}
    if node.op in pools and len(x.dims) > 2 and places == list(range(2, len(x.dims))):
        return [conversion.add(node, pools[node.op], {} if keep else {"keep": False}, [x])]
    arguments: dict[str, Any] = {"axis": places if len(places) > 1 else places[0]}
    if keep:
        arguments["keep"] = True
    return [conversion.add(node, _TYPES[node.op], arguments, [x])]


@operator("ArgMax", "ArgMin")
def extreme(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    x = inputs[0]
    if not isinstance(x, LayerValue):
        raise NotSaid("an input without a batch")
    axis = node.attributes.get("axis", 0) % len(x.dims)
    if axis == 0:
        raise NotSaid("an axis of samples")
    arguments: dict[str, Any] = {"axis": axis}
    if node.attributes.get("keepdims", 1):
        arguments["keep"] = True
    return [conversion.add(node, node.op.lower(), arguments, [x])]
