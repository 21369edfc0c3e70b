"""Normalizations. Scales and shifts are parameters; moving statistics are not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cnncalc.importing.onnx.conversion import Conversion, NotSaid
from cnncalc.importing.onnx.operators import operator
from cnncalc.importing.onnx.proto import OnnxNode
from cnncalc.importing.onnx.values import Constant, LayerValue, Value


def _learned(inputs: Sequence[Value | None]) -> list[str]:
    """The names of scale and shift. Raises NotSaid where they are computed."""
    if not all(isinstance(each, Constant) for each in inputs if each is not None):
        raise NotSaid("computed scales")
    return [each.initializer for each in inputs if isinstance(each, Constant)]


@operator("BatchNormalization")
def batch_norm(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    assert inputs[0] is not None
    return [conversion.add(node, "batch_norm", {}, [inputs[0]], weights=_learned(inputs[1:3]))]


@operator("InstanceNormalization")
def instance_norm(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    assert inputs[0] is not None
    return [conversion.add(node, "instance_norm", {"affine": True}, [inputs[0]], weights=_learned(inputs[1:3]))]


@operator("LayerNormalization")
def layer_norm(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    x, axis = inputs[0], node.attributes.get("axis", -1)
    if not isinstance(x, LayerValue):
        raise NotSaid("a computed input")
    axes = list(range(axis % len(x.dims), len(x.dims)))
    arguments: dict[str, Any] = {} if axes == [len(x.dims) - 1] else {"axis": axes}
    if len(inputs) < 3 or inputs[2] is None:
        arguments["shift"] = False
    return [conversion.add(node, "layer_norm", arguments, [x], weights=_learned(inputs[1:3]))]


@operator("GroupNormalization")
def group_norm(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    assert inputs[0] is not None
    arguments = {"groups": node.attributes["num_groups"]}
    return [conversion.add(node, "group_norm", arguments, [inputs[0]], weights=_learned(inputs[1:3]))]


@operator("LRN")
def local_response_norm(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    assert inputs[0] is not None
    return [conversion.add(node, "local_response_norm", {"size": node.attributes["size"]}, [inputs[0]])]
