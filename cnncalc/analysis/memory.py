"""Memory: the peak of live tensors when layers run in order."""

from collections.abc import Iterator, Sequence
from math import prod
from typing import NamedTuple

from cnncalc.graph.model import Node


class Peak(NamedTuple):
    """The largest number of live elements, and the node that runs at that time; -1 if there are only inputs."""

    elements: int
    place: int


def elements(node: Node, batch: int) -> int:
    """The elements of a node's output that need memory; without a batch axis, they are stored once."""
    if node.layer is not None and node.layer.holds_output and node.activation is None:
        return 0
    return prod(node.shape or ()) * (1 if node.unbatched else node.samples * batch)


def peak(nodes: Sequence[Node], sizes: Sequence[int], outputs: Sequence[int]) -> Peak:
    """The peak number of live elements, and when it occurs.

    A tensor is live from the layer that computes it to its last use. A layer's inputs and output are live together, the
    model's outputs are live to the end, and nothing is computed in place. `sizes` are the elements of each node.
    """
    found = Peak(_inputs(nodes, sizes), -1)
    for index, alive in live(nodes, sizes, outputs):
        if alive > found.elements:
            found = Peak(alive, index)
    return found


def live(nodes: Sequence[Node], sizes: Sequence[int], outputs: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The index of each layer's node, and the number of elements that are live while it runs."""
    freed: dict[int, int] = {}
    for index, use in enumerate(_last_uses(nodes, outputs)):
        freed[use] = freed.get(use, 0) + sizes[index]
    alive = _inputs(nodes, sizes)
    for index, node in enumerate(nodes):
        if node.layer is not None:
            alive += sizes[index]
            yield index, alive
        alive -= freed.get(index, 0)


def _inputs(nodes: Sequence[Node], sizes: Sequence[int]) -> int:
    """The elements of the model's inputs."""
    return sum(size for node, size in zip(nodes, sizes, strict=True) if node.layer is None)


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
