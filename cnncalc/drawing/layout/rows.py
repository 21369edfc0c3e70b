"""The rows of a layout: the nodes of each rank, and the places where links pass through a rank without a node."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from cnncalc.drawing.layout.network import Link, LinkedNodes, NodeSize


@dataclass(frozen=True)
class LinkStep:
    """A piece of a link between neighbouring ranks: two cells, by their indices, and offsets from their centres."""

    upper: int
    lower: int
    leaves: float = 0.0
    enters: float = 0.0


@dataclass
class RankRows:
    """Cells are nodes, with the index of the node, and after them the passing places of links.

    The links of one node share their passing places, so that its output runs as one line until it branches.
    """

    sizes: list[NodeSize]
    """The size of each cell."""
    rank: list[int]
    cells: list[list[int]]
    """The cells of each rank, from left to right."""
    steps: list[LinkStep]
    paths: list[list[int]]
    """The cells of each link, from its tail to its head."""
    nodes: int
    above: list[list[LinkStep]] = field(default_factory=list)
    """For each cell, the steps to it from the rank before."""
    below: list[list[LinkStep]] = field(default_factory=list)
    """For each cell, the steps from it to the rank after."""

    def is_passing(self, cell: int) -> bool:
        return cell >= self.nodes


def rows(network: LinkedNodes, rank: list[int], passing: float) -> RankRows:
    """The rows of a network; cells are in the order of the network, passing places after the nodes of their rank."""
    cells: list[list[int]] = [[] for _ in range(max(rank, default=-1) + 1)]
    for node, own in enumerate(rank):
        cells[own].append(node)
    found = RankRows(list(network.sizes), list(rank), cells, [], [], len(network.sizes))
    shared: dict[tuple[int, float, int], int] = {}
    known: set[tuple[int, int, float, float]] = set()
    for link in network.links:
        path = [link.tail, *(_passing(found, shared, link, row, passing) for row in _between(link, rank)), link.head]
        found.paths.append(path)
        for place, (upper, lower) in enumerate(pairwise(path)):
            leaves = link.leaves if place == 0 else 0.0
            enters = link.enters if place == len(path) - 2 else 0.0
            if (upper, lower, leaves, enters) not in known:
                known.add((upper, lower, leaves, enters))
                found.steps.append(LinkStep(upper, lower, leaves, enters))
    found.above = [[] for _ in found.sizes]
    found.below = [[] for _ in found.sizes]
    for step in found.steps:
        found.above[step.lower].append(step)
        found.below[step.upper].append(step)
    return found


def _between(link: Link, rank: list[int]) -> range:
    return range(rank[link.tail] + 1, rank[link.head])


def _passing(found: RankRows, shared: dict[tuple[int, float, int], int], link: Link, row: int, width: float) -> int:
    """The cell where the links of a node pass a rank, made when the first one needs it."""
    key = link.tail, link.leaves, row
    if key not in shared:
        shared[key] = len(found.sizes)
        found.sizes.append(NodeSize(width, 0.0))
        found.rank.append(row)
        found.cells[row].append(shared[key])
    return shared[key]
