"""Memory: the most that is alive at once when layers run in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.graph.model import Node


class Peak(NamedTuple):
    """The largest number of elements alive together, and the node that runs then; -1 if there are inputs alone."""

    elements: int
    place: int


def peak(nodes: Sequence[Node], sizes: Sequence[int], outputs: Sequence[int]) -> Peak:
    """When most is alive, and how much.

    A tensor lives from the layer that makes it to its last use; a layer's inputs and output are alive together, the
    model's outputs stay to the end, and nothing is computed in place. `sizes` holds each node's elements.
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
    """The nodes whose tensors are alive while the node at `place` runs."""
    return [
        index
        for index, use in enumerate(_last_uses(nodes, outputs))
        if use >= place and (index <= place or nodes[index].layer is None)
    ]


def _last_uses(nodes: Sequence[Node], outputs: Sequence[int]) -> list[int]:
    """For each node the last one that needs its tensor, itself if none does; one more than the last for an output."""
    last_use = list(range(len(nodes)))
    for index, node in enumerate(nodes):
        for source in node.inputs:
            last_use[source] = index
    for index in outputs:
        last_use[index] = len(nodes)
    return last_use
