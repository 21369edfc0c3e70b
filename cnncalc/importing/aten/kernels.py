"""Convolutions whose kernel is standardized first: the same layer, and a learned gain as a product after it.

A kernel that is centred and scaled, times a gain for each filter, gives the same shapes as the learned one: the gain
multiplies the outputs as well. Only the standardization itself is not stated by a layer, and a remark says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cnncalc.importing.aten.graph import AtenGraph, AtenNode, AtenRef
from cnncalc.importing.aten.places import references
from cnncalc.importing.tensors.tensor import TapeArray

_CONVOLUTIONS = frozenset({"aten.conv1d", "aten.conv2d", "aten.conv3d"})


class StandardizedKernel(NamedTuple):
    """The learned array that a kernel is computed from, and its gain, by their names in the graph."""

    array: str
    gain: str | None


def with_learned_kernels(graph: AtenGraph) -> int:
    """Let convolutions use the learned array instead of the standardized one; the number of such convolutions."""
    made_by = {node.name: node for node in graph.nodes}
    nodes: list[AtenNode] = []
    count = 0
    for node in graph.nodes:
        kernel = _kernel(graph, made_by, node) if node.operator in _CONVOLUTIONS else None
        count += kernel is not None
        nodes += [node] if kernel is None else _rewritten(graph, node, kernel)
    graph.nodes = nodes
    return count


def _kernel(graph: AtenGraph, made_by: Mapping[str, AtenNode], node: AtenNode) -> StandardizedKernel | None:
    """The arrays of a kernel that is computed from one learned array of its sizes, and at most one gain."""
    weight = node.arguments[1]
    if not isinstance(weight, AtenRef) or weight.name not in made_by or not node.outputs:
        return None
    dims = made_by[weight.name].outputs[0]
    arrays = _learned_before(graph, made_by, weight.name)
    if arrays is None or dims is None:
        return None
    kernels = [name for name, each in arrays.items() if each.dims == dims]
    gains = [name for name, each in arrays.items() if each.elements == dims[0] and each.dims != dims]
    if len(kernels) != 1 or len(gains) > 1 or len(arrays) != 1 + len(gains):
        return None
    return StandardizedKernel(kernels[0], gains[0] if gains else None)


def _learned_before(graph: AtenGraph, made_by: Mapping[str, AtenNode], name: str) -> dict[str, TapeArray] | None:
    """The learned arrays that a value is computed from; None if an input of the model is among its sources."""
    inputs = {each.name for each in graph.inputs}
    found: dict[str, TapeArray] = {}
    waiting, seen = [name], {name}
    while waiting:
        own = waiting.pop()
        if own in inputs:
            return None
        if own in graph.arrays and graph.arrays[own].learned:
            found[own] = graph.arrays[own]
        node = made_by.get(own)
        for each in references((node.arguments, list(node.keywords.values()))) if node else ():
            if each.name not in seen:
                seen.add(each.name)
                waiting.append(each.name)
    return found


def _rewritten(graph: AtenGraph, node: AtenNode, kernel: StandardizedKernel) -> list[AtenNode]:
    """A convolution with the learned array; with a gain, a product and the bias after it."""
    bias = node.arguments[2] if len(node.arguments) > 2 else node.keywords.get("bias")
    rest = node.arguments[3:]
    if kernel.gain is None:
        return [_like(node, node.name, node.operator, (node.arguments[0], AtenRef(kernel.array), bias, *rest))]
    first = f"{node.name}_kernel"
    nodes = [_like(node, first, node.operator, (node.arguments[0], AtenRef(kernel.array), None, *rest))]
    gain = _per_filter(graph, node, kernel.gain)
    product = f"{node.name}_gain" if bias is not None else node.name
    nodes += [gain, _like(node, product, "aten.mul", (AtenRef(first), AtenRef(gain.name)))]
    if isinstance(bias, AtenRef):
        shift = _per_filter(graph, node, bias.name)
        nodes += [shift, _like(node, node.name, "aten.add", (AtenRef(product), AtenRef(shift.name)))]
    return nodes


def _like(node: AtenNode, name: str, operator: str, arguments: tuple[Any, ...]) -> AtenNode:
    """A call at the place of another one, with the same sizes."""
    is_convolution = operator == node.operator
    keywords = {key: each for key, each in node.keywords.items() if is_convolution and key != "bias"}
    return AtenNode(name, operator, "default", arguments, keywords, node.outputs, node.scope, node.kinds)


def _per_filter(graph: AtenGraph, node: AtenNode, array: str) -> AtenNode:
    """One number for each filter, in the axes of the output."""
    axes = len(node.outputs[0] or ()) - 2
    sizes = (graph.arrays[array].elements, *[1] * axes)
    name = f"{node.name}_{array}"
    return AtenNode(name, "aten.view", "default", (AtenRef(array), list(sizes)), {}, (sizes,), node.scope, node.kinds)
