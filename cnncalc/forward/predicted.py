"""The input positions that one output position should see: its taps, traced back from layer to layer.

Unlike the report's intervals, which continue beyond the border, these exclude positions in the padding or in the holes
of a kernel: they are what an experiment must find.
"""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.taps import AxisTaps
from cnncalc.graph.model import Graph, Node
from cnncalc.kernels.windows import source
from cnncalc.layers.base import Reach

AxisPositions = tuple[frozenset[int], ...]
"""The positions read along each spatial axis; all their combinations are read."""


class Prediction(NamedTuple):
    """The first position that an output sees and the one after the last, per axis of an input; (0, 0) for nothing.

    `at_most` marks an upper bound, of which the data may select a part.
    """

    axes: tuple[tuple[int, int], ...]
    at_most: bool


def fed_by(graph: Graph, origin: int) -> frozenset[int]:
    """The nodes that depend on an input, including the input."""
    found = {origin}
    for index, node in enumerate(graph.nodes):
        if found.intersection(node.inputs):
            found.add(index)
    return frozenset(found)


def predict(graph: Graph, index: int, position: Shape, origin: int, fed: frozenset[int]) -> Prediction | None:
    """The part of the input `origin` that an output position of a node sees; None if it cannot be traced.

    `fed` are the nodes that depend on the input.
    """
    needed: dict[int, AxisPositions] = {index: tuple(frozenset((place,)) for place in position)}
    at_most = False
    for current in range(index, origin, -1):
        wanted = needed.pop(current, None)
        node = graph.nodes[current]
        if wanted is None or node.layer is None:
            continue
        at_most |= node.layer.data_decides or (node.activation is not None and node.activation.data_decides)
        if node.activation is not None:
            shape = node.shape or ()
            back = _read(graph.cache.use(node.activation, (shape,)).reach, wanted, graph.setting.spatial(shape))
            if back is None:
                return None
            wanted = back
        for source_index, shape in zip(node.inputs, graph.inputs_of(node), strict=True):
            if source_index not in fed:
                continue
            back = _back(graph, node, wanted, graph.setting.spatial(shape))
            if back is None:
                return None
            if all(back):
                before = needed.get(source_index)
                needed[source_index] = back if before is None else _union(before, back)
    found = needed.get(origin)
    if found is None:
        return Prediction(((0, 0),) * len(graph.setting.spatial(graph.nodes[origin].shape or ())), at_most)
    return Prediction(tuple((min(axis), max(axis) + 1) for axis in found), at_most)


def _union(one: AxisPositions, other: AxisPositions) -> AxisPositions:
    return tuple(first | second for first, second in zip(one, other, strict=True))


def _back(graph: Graph, node: Node, wanted: AxisPositions, sizes: Shape) -> AxisPositions | None:
    reach = graph.use_of(node).reach
    if reach == "pointwise" and len(wanted) != len(sizes):
        return None
    return _read(reach, wanted, sizes)


def _read(reach: Reach, wanted: AxisPositions, sizes: Shape) -> AxisPositions | None:
    """The positions of an input of `sizes` that the wanted outputs read; None if unknown."""
    if reach == "pointwise":
        return wanted
    if reach == "whole":
        return tuple(frozenset(range(size)) for size in sizes)
    if reach is None or len(reach) != len(sizes) or len(reach) != len(wanted):
        return None
    axes = zip(reach, wanted, sizes, strict=True)
    return tuple(_along(taps, outputs, size) for taps, outputs, size in axes)


def _along(taps: AxisTaps, outputs: frozenset[int], size: int) -> frozenset[int]:
    first, end = taps.inside or (0, size)
    read: set[int] = set()
    for output in outputs:
        for place in taps.of(output):
            found = source(place - first, end - first, taps.border)
            if found is not None and 0 <= found + first < size:
                read.add(found + first)
    return frozenset(read)
