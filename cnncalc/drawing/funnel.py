"""The part of each tensor on which one position of a layer's output depends, along one axis, back to the input."""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.arithmetic.taps import AxisTaps
from cnncalc.diagnostics import Refusal
from cnncalc.graph.model import Graph, Node


class TensorSpan(NamedTuple):
    """Positions of a tensor, from `low` to before `high`; they may lie in the padding, below 0 or from `size` on."""

    node: Node
    size: int
    low: int
    high: int
    inputs: tuple[int, ...]
    """The readings of the tensors before it, by their places in the funnel."""
    beside: tuple[int, int] | None = None
    """The positions on which the next output position depends, as `low` and `high`; None after the last one."""


def funnel(graph: Graph, node: Node) -> list[TensorSpan]:
    """The readings from the input to a layer's middle position, along the last spatial axis.

    Raises Refusal if the layer's output or a tensor on the way has no positions along the axis.
    """
    index = graph.nodes.index(node)
    start, end = _middle(graph, node)
    spans = _spans(graph, index, (start, end))
    beside = _spans(graph, index, (end, end + 1)) if end < _size(graph, node) else {}
    order = sorted(spans)
    where = {place: number for number, place in enumerate(order)}
    return [
        TensorSpan(
            graph.nodes[place],
            _size(graph, graph.nodes[place]),
            *spans[place],
            tuple(where[source] for source in graph.nodes[place].inputs if source in where),
            beside.get(place),
        )
        for place in order
    ]


def _spans(graph: Graph, index: int, positions: tuple[int, int]) -> dict[int, tuple[int, int]]:
    """The positions of each node on which those of one node depend."""
    spans = {index: positions}
    for place in range(index, -1, -1):
        if place in spans:
            _pass_back(graph, place, spans)
    return spans


def _size(graph: Graph, node: Node) -> int:
    """The length of the axis; 0 for a tensor without spatial axes."""
    spatial = graph.setting.spatial(node.shape or ())
    return spatial[-1] if spatial else 0


def _middle(graph: Graph, node: Node) -> tuple[int, int]:
    size = _size(graph, node)
    if size == 0:
        raise Refusal(f"the output of {node.name} has no positions", hint="choose a layer whose output is an image")
    return size // 2, size // 2 + 1


def _pass_back(graph: Graph, place: int, spans: dict[int, tuple[int, int]]) -> None:
    """Add what a node's positions read to the spans of the nodes before it."""
    node = graph.nodes[place]
    if node.layer is None:
        return
    reach = node.layer.reach(*graph.inputs_of(node))
    for source in node.inputs:
        size = _size(graph, graph.nodes[source])
        if size == 0:
            continue
        read = (0, size) if reach == "whole" or size == 1 else spans[place]
        if isinstance(reach, tuple) and reach:
            read = _read(reach[-1], spans[place])
        elif not isinstance(reach, str) and size not in (1, _size(graph, node)):
            raise Refusal(f"the positions that {node.name} reads are not known", hint="choose a layer before it")
        before = spans.get(source, read)
        spans[source] = min(before[0], read[0]), max(before[1], read[1])


def _read(taps: AxisTaps, span: tuple[int, int]) -> tuple[int, int]:
    """The first and last position, exclusive, that the outputs of a span read."""
    ends = {
        output for output in range(span[0], span[1]) if min(output - span[0], span[1] - 1 - output) < len(taps.cells)
    }
    cells = [cell for output in ends if (cell := taps.of(output))]
    if not cells:
        return span
    return min(min(cell[0], cell[-1]) for cell in cells), max(max(cell[0], cell[-1]) for cell in cells) + 1
