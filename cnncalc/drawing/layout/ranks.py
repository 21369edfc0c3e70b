"""Ranks: the row of each node, so that every link points to a later row."""

from __future__ import annotations

from cnncalc.drawing.layout.network import LinkedNodes


def ranks(network: LinkedNodes) -> list[int]:
    """The rank of each node: as early as its links allow, but sources directly before the first node that uses them."""
    count = len(network.sizes)
    incoming: list[list[int]] = [[] for _ in range(count)]
    outgoing: list[list[int]] = [[] for _ in range(count)]
    for link in network.links:
        incoming[link.head].append(link.tail)
        outgoing[link.tail].append(link.head)
    found = [0] * count
    for node in range(count):
        earliest = 1 if network.first and node not in network.first else 0
        found[node] = max((found[tail] + 1 for tail in incoming[node]), default=earliest)
    for node in reversed(range(count)):
        if not incoming[node] and outgoing[node] and node not in network.first:
            found[node] = min(found[head] for head in outgoing[node]) - 1
    end = max((rank for node, rank in enumerate(found) if node not in network.last), default=-1) + 1
    for node in network.last:
        found[node] = end
    return found
