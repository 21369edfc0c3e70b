"""Memory: the most that is alive at once when layers run in order."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.graph.model import Node


def peak_elements(nodes: Sequence[Node], sizes: Sequence[int], outputs: Sequence[int]) -> int:
    """The largest number of elements alive together.

    A tensor lives from the layer that makes it to its last use; a layer's inputs and output are alive together, the
    model's outputs stay to the end, and nothing is computed in place. `sizes` holds each node's elements.
    """
    last_use = list(range(len(nodes)))
    for index, node in enumerate(nodes):
        for source in node.inputs:
            last_use[source] = index
    for index in outputs:
        last_use[index] = len(nodes)
    freed: dict[int, int] = {}
    for index, use in enumerate(last_use):
        freed[use] = freed.get(use, 0) + sizes[index]
    alive = peak = sum(size for node, size in zip(nodes, sizes, strict=True) if node.layer is None)
    for index, node in enumerate(nodes):
        if node.layer is not None:
            alive += sizes[index]
            peak = max(peak, alive)
        alive -= freed.get(index, 0)
    return peak
