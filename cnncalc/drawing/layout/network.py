"""The input and the result of a layout: nodes with sizes and links between them, and where they are placed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class NodeSize(NamedTuple):
    """The size of a node."""

    across: float
    along: float


class Link(NamedTuple):
    """A link from one node to a later one, by their indices; it leaves and enters at offsets from their centres."""

    tail: int
    head: int
    leaves: float = 0.0
    enters: float = 0.0


class Point(NamedTuple):
    across: float
    along: float


@dataclass(frozen=True)
class LinkedNodes:
    """The nodes to place, in an order in which every link points forward.

    `first` and `last` are nodes that lie before and after all others: the places where links enter and leave a frame.
    """

    sizes: tuple[NodeSize, ...]
    links: tuple[Link, ...]
    first: frozenset[int] = frozenset()
    last: frozenset[int] = frozenset()


@dataclass(frozen=True)
class NodePlacement:
    """Sizes and centres of the nodes, the bends of each link from its tail to its head, and the size of everything."""

    sizes: tuple[NodeSize, ...]
    centres: tuple[Point, ...]
    routes: tuple[tuple[Point, ...], ...]
    size: NodeSize


class Spacing(NamedTuple):
    """Distances: between neighbours in a rank, around a link that passes a rank, and between ranks."""

    neighbours: float = 28.0
    passing: float = 16.0
    bent: float = 40.0
    """Between ranks where a link changes its place across."""
    straight: float = 22.0
    entry: float = 26.0
    """The least distance after the first rank of a network, where links enter."""
    exit: float = 16.0
    """The same before the last rank, where links leave, if all of them are straight."""
