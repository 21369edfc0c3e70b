"""The layout of a network: ranks, rows, order, coordinates and routes, one after the other."""

from __future__ import annotations

from cnncalc.drawing.layout.coordinates import coordinates
from cnncalc.drawing.layout.network import Link, LinkedNodes, NodePlacement, NodeSize, Point, Spacing
from cnncalc.drawing.layout.order import reduce_crossings
from cnncalc.drawing.layout.ranks import ranks
from cnncalc.drawing.layout.rows import RankRows, rows

STRAIGHT = 0.5
"""The largest shift of a link that counts as straight."""


def layered(network: LinkedNodes, spacing: Spacing) -> NodePlacement:
    """Place the nodes of a network so that no two overlap and no link crosses a node."""
    found = rows(network, ranks(network), passing=0.0)
    reduce_crossings(found)
    across = coordinates(found, spacing)
    tops, heights = _tops(network, found, across, spacing)
    centres = tuple(
        Point(across[node], tops[found.rank[node]] + heights[found.rank[node]] / 2) for node in range(found.nodes)
    )
    routes = tuple(
        _route(link, path, found, across, tops, heights) for link, path in zip(network.links, found.paths, strict=True)
    )
    width = max((across[cell] + size.across / 2 for cell, size in enumerate(found.sizes)), default=0.0)
    return NodePlacement(network.sizes, centres, routes, NodeSize(width, tops[-1] + heights[-1] if tops else 0.0))


def _tops(
    network: LinkedNodes, found: RankRows, across: list[float], spacing: Spacing
) -> tuple[list[float], list[float]]:
    """The beginning and the extent of each rank along the flow."""
    heights = [max((found.sizes[cell].along for cell in row), default=0.0) for row in found.cells]
    tops: list[float] = []
    position = 0.0
    for rank, height in enumerate(heights):
        tops.append(position)
        position += height + _gap(network, found, rank, across, spacing)
    return tops, heights


def _gap(network: LinkedNodes, found: RankRows, rank: int, across: list[float], spacing: Spacing) -> float:
    """The distance of a rank from the next one."""
    shifts = (
        across[step.lower] + step.enters - across[step.upper] - step.leaves
        for cell in found.cells[rank]
        for step in found.below[cell]
    )
    gap = spacing.straight
    if any(abs(shift) > STRAIGHT for shift in shifts):
        gap = spacing.bent
    elif network.last and rank == len(found.cells) - 2:
        gap = spacing.exit
    return max(gap, spacing.entry) if network.first and rank == 0 else gap


def _route(
    link: Link, path: list[int], found: RankRows, across: list[float], tops: list[float], heights: list[float]
) -> tuple[Point, ...]:
    """From the edge of the tail over both edges of every rank that the link passes to the edge of the head."""
    tail, head = path[0], path[-1]
    first = tops[found.rank[tail]] + heights[found.rank[tail]] / 2 + found.sizes[tail].along / 2
    last = tops[found.rank[head]] + heights[found.rank[head]] / 2 - found.sizes[head].along / 2
    points = [
        Point(across[tail] + link.leaves, first),
        Point(across[tail] + link.leaves, _end(found, tail, tops, heights)),
    ]
    for cell in path[1:-1]:
        rank = found.rank[cell]
        points += [Point(across[cell], tops[rank]), Point(across[cell], tops[rank] + heights[rank])]
    points += [Point(across[head] + link.enters, tops[found.rank[head]]), Point(across[head] + link.enters, last)]
    return tuple(points)


def _end(found: RankRows, cell: int, tops: list[float], heights: list[float]) -> float:
    return tops[found.rank[cell]] + heights[found.rank[cell]]
