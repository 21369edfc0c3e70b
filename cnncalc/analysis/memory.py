"""Memory: the peak of live tensors when layers run in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.graph.model import Node


class Peak(NamedTuple):
    """The largest number of live elements, and the node that runs at that time; -1 if there are only inputs."""

    elements: int
    place: int


def peak(nodes: Sequence[Node], sizes: Sequence[int], outputs: Sequence[int]) -> Peak:
    """The peak number of live elements, and when it occurs.

    A tensor is live from the layer that computes it to its last use. A layer's inputs and output are live together, the
    model's outputs are live to the end, and nothing is computed in place. `sizes` are the elements of each node.
    """
    freed: dict[int, int] = {}
    for index, use in enumerate(_last_uses(nodes, outputs)):
        freed[use] = freed.get(use, 0) + sizes[index]
    alive = sum(size for node, size in zip(nodes, sizes, strict=True) if node.layer is None)
    found = Peak(alive, -1)
    for index, node in enumerate(nodes):
        if node.layer is not None:
            alive += sizes[index]
            if alive > found.elements:
                found = Peak(alive, index)
        alive -= freed.get(index, 0)
    return found


def alive_at(nodes: Sequence[Node], outputs: Sequence[int], place: int) -> list[int]:
    """The nodes whose tensors are live while the node at `place` runs."""
    return [
        index
        for index, use in enumerate(_last_uses(nodes, outputs))
        if use >= place and (index <= place or nodes[index].layer is None)
    ]


def _last_uses(nodes: Sequence[Node], outputs: Sequence[int]) -> list[int]:
    """The last user of each node's tensor, or the node itself if it has none; the number of nodes for an output."""
    last_use = list(range(len(nodes)))
    for index, node in enumerate(nodes):
        for source in node.inputs:
            last_use[source] = index
    for index in outputs:
        last_use[index] = len(nodes)
    return last_use
