"""The positions of boxes and frames: the inside of each frame is a network of its own, placed as one node outside.

A tensor enters a frame at one place of its border, and leaves it at another; both are nodes of the inner network.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from cnncalc.drawing.diagram import BlockFrame, Box, Diagram, Edge
from cnncalc.drawing.layout.layered import STRAIGHT, layered
from cnncalc.drawing.layout.network import Link, LinkedNodes, NodePlacement, NodeSize, Point, Spacing
from cnncalc.drawing.picture import Spot

Direction = Literal["down", "right"]

Child = Box | BlockFrame
"""A child of a frame."""

TITLE = 26.0
"""The height of a frame's title."""
INSET = 14.0
"""The distance of a frame's border from what is inside."""


class Area(NamedTuple):
    """A rectangle of a drawing."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Arrangement:
    """Where everything is, in the coordinates of the picture."""

    boxes: Mapping[Box, Area]
    frames: Mapping[BlockFrame, Area]
    routes: Mapping[Edge, tuple[Spot, ...]]
    """The bends of each edge; every second piece follows the flow, those between them change sides."""
    width: float
    height: float


class Measures(NamedTuple):
    """The sizes that decide an arrangement, as width and height."""

    box: Callable[[Box], tuple[float, float]]
    title: Callable[[BlockFrame], float]
    """The width of a frame's title."""
    direction: Direction
    spacing: Spacing


def arrange(diagram: Diagram, measures: Measures) -> Arrangement:
    """Place a diagram."""
    threads = _threads(diagram)
    return _Finished(measures).arrangement(_inside(diagram.root, threads, measures), threads, diagram)


class _Thread(NamedTuple):
    """A piece of an edge inside one frame: from a child, or the border (None), to a child or the border."""

    source: Box
    """The box whose output it is."""
    tail: Child | None
    head: Child | None


@dataclass
class _Threads:
    """The pieces of all edges: by frame, and by edge from its tail to its head."""

    frames: dict[BlockFrame, dict[_Thread, None]] = field(default_factory=dict)
    edges: dict[Edge, list[tuple[BlockFrame, _Thread]]] = field(default_factory=dict)


def _threads(diagram: Diagram) -> _Threads:
    around: dict[Box, list[Child]] = {}
    waiting: list[tuple[BlockFrame, list[Child]]] = [(diagram.root, [diagram.root])]
    found = _Threads()
    while waiting:
        frame, path = waiting.pop()
        found.frames[frame] = {}
        for child in frame.children:
            if isinstance(child, Box):
                around[child] = [*path, child]
            else:
                waiting.append((child, [*path, child]))
    for edge in diagram.edges:
        pieces = list(_pieces(edge, around[edge.tail], around[edge.head]))
        found.edges[edge] = pieces
        for frame, thread in pieces:
            found.frames[frame][thread] = None
    return found


def _pieces(edge: Edge, tail: list[Child], head: list[Child]) -> list[tuple[BlockFrame, _Thread]]:
    """The threads of an edge, given the frames around its ends, the outermost first."""
    common = next(level for level in range(len(tail)) if tail[level] is not head[level]) - 1
    rising = [(tail[level], tail[level + 1], None) for level in range(len(tail) - 2, common, -1)]
    falling = [(head[level], None, head[level + 1]) for level in range(common + 1, len(head) - 1)]
    across = (tail[common], tail[common + 1], head[common + 1])
    return [
        (frame, _Thread(edge.tail, start, end))
        for frame, start, end in (*rising, across, *falling)
        if isinstance(frame, BlockFrame)
    ]


@dataclass
class _Inside:
    """A frame that is laid out: positions are relative to its corner, across and along the flow."""

    frame: BlockFrame
    layout: NodePlacement
    children: list[tuple[Child, int]]
    """The frame's children with their nodes."""
    frames: dict[BlockFrame, _Inside]
    size: NodeSize
    shift: Point
    routes: dict[_Thread, tuple[Point, ...]] = field(default_factory=dict)
    entries: dict[Box, float] = field(default_factory=dict)
    """Where the outputs of boxes outside enter, across from the centre of the frame."""
    exits: dict[Box, float] = field(default_factory=dict)


def _inside(frame: BlockFrame, threads: _Threads, measures: Measures) -> _Inside:
    frames = {child: _inside(child, threads, measures) for child in frame.children if isinstance(child, BlockFrame)}
    own = list(threads.frames[frame])
    entering = list(dict.fromkeys(thread.source for thread in own if thread.tail is None))
    leaving = list(dict.fromkeys(thread.source for thread in own if thread.head is None))
    children = [(child, place + len(entering)) for place, child in enumerate(frame.children)]
    nodes = dict(children)
    sizes = [NodeSize(0.0, 0.0)] * len(entering)
    sizes += [_size(child, frames, measures) for child in frame.children]
    end = len(sizes)
    sizes += [NodeSize(0.0, 0.0)] * len(leaving)
    links = tuple(_link(thread, nodes, frames, entering, leaving, end) for thread in own)
    network = LinkedNodes(tuple(sizes), links, frozenset(range(len(entering))), frozenset(range(end, len(sizes))))
    layout = layered(network, measures.spacing)
    found = _Inside(frame, layout, children, frames, NodeSize(0.0, 0.0), Point(0.0, 0.0))
    _border(found, entering, leaving, end, measures)
    found.routes = {
        thread: tuple(Point(bend.across + found.shift.across, bend.along + found.shift.along) for bend in route)
        for thread, route in zip(own, _spread(layout.routes, links, sizes), strict=True)
    }
    return found


def _size(child: Child, frames: Mapping[BlockFrame, _Inside], measures: Measures) -> NodeSize:
    if isinstance(child, BlockFrame):
        return frames[child].size
    width, height = measures.box(child)
    return NodeSize(width, height) if measures.direction == "down" else NodeSize(height, width)


def _link(
    thread: _Thread, nodes: Mapping[Child, int], frames: Mapping[BlockFrame, _Inside], entering: list[Box],
    leaving: list[Box], end: int,
) -> Link:  # fmt: skip
    tail = entering.index(thread.source) if thread.tail is None else nodes[thread.tail]
    head = end + leaving.index(thread.source) if thread.head is None else nodes[thread.head]
    leaves = frames[thread.tail].exits[thread.source] if isinstance(thread.tail, BlockFrame) else 0.0
    enters = frames[thread.head].entries[thread.source] if isinstance(thread.head, BlockFrame) else 0.0
    return Link(tail, head, leaves, enters)


def _spread(
    routes: tuple[tuple[Point, ...], ...], links: tuple[Link, ...], sizes: list[NodeSize]
) -> list[tuple[Point, ...]]:
    """The routes with the links into one box side by side, in the order in which they arrive."""
    found = list(routes)
    arriving: dict[int, list[int]] = {}
    for number, link in enumerate(links):
        if sizes[link.head].across and not link.enters:
            arriving.setdefault(link.head, []).append(number)
    for head, numbers in arriving.items():
        step = min(16.0, sizes[head].across * 0.8 / len(numbers))
        for number, offset in _offsets(numbers, found, step):
            *before, near, last = found[number]
            found[number] = (
                *before, Point(near.across + offset, near.along), Point(last.across + offset, last.along),
            )  # fmt: skip
    return found


def _offsets(numbers: list[int], routes: list[tuple[Point, ...]], step: float) -> list[tuple[int, float]]:
    """The links into one box from left to right with their distances from its centre; a straight one stays there."""
    shifts = {number: routes[number][-3].across - routes[number][-1].across for number in numbers}
    ordered = sorted(numbers, key=lambda number: shifts[number])
    centre = (len(ordered) - 1) / 2
    straight = [place for place, number in enumerate(ordered) if abs(shifts[number]) < STRAIGHT]
    if len(straight) == 1:
        centre = float(straight[0])
    return [(number, (place - centre) * step) for place, number in enumerate(ordered)]


def _border(found: _Inside, entering: list[Box], leaving: list[Box], end: int, measures: Measures) -> None:
    """Set the size of a frame, the shift of what is inside, and the places where tensors cross its border."""
    centres, size = found.layout.centres, found.layout.size
    if not found.frame.key:
        found.size = size
        return
    title = measures.title(found.frame)
    if measures.direction == "down":
        first = min((centres[node].across for node in range(len(entering))), default=title)
        left = max(INSET, title + INSET - first)
        found.shift = Point(left, 0.0 if entering else TITLE)
        width = max(left + size.across + INSET, title + 2 * INSET)
        found.size = NodeSize(width, found.shift.along + size.along + (0.0 if leaving else INSET))
    else:
        found.shift = Point(TITLE, 0.0 if entering else INSET)
        length = found.shift.along + size.along + (0.0 if leaving else INSET)
        found.size = NodeSize(TITLE + size.across + INSET, max(length, title + 2 * INSET))
    middle = found.size.across / 2 - found.shift.across
    found.entries = {source: centres[node].across - middle for node, source in enumerate(entering)}
    found.exits = {source: centres[end + node].across - middle for node, source in enumerate(leaving)}


class _Finished:
    """Collects the positions of all frames in the coordinates of the picture."""

    def __init__(self, measures: Measures) -> None:
        self.down = measures.direction == "down"
        self.boxes: dict[Box, Area] = {}
        self.frames: dict[BlockFrame, Area] = {}
        self.threads: dict[tuple[BlockFrame, _Thread], list[Point]] = {}

    def arrangement(self, root: _Inside, threads: _Threads, diagram: Diagram) -> Arrangement:
        self._place(root, Point(0.0, 0.0))
        routes = {}
        for edge in diagram.edges:
            bends: list[Point] = []
            for frame, thread in threads.edges[edge]:
                bends += self.threads[frame, thread]
            routes[edge] = tuple(self._spot(bend) for bend in bends)
        width, height = root.size if self.down else reversed(root.size)
        return Arrangement(self.boxes, self.frames, routes, width, height)

    def _spot(self, point: Point) -> Spot:
        return Spot(*point) if self.down else Spot(point.along, point.across)

    def _area(self, centre: Point, size: NodeSize) -> Area:
        x, y = self._spot(Point(centre.across - size.across / 2, centre.along - size.along / 2))
        width, height = size if self.down else reversed(size)
        return Area(x, y, width, height)

    def _place(self, inside: _Inside, corner: Point) -> None:
        """Place the children of a frame whose corner is given."""
        shift = Point(corner.across + inside.shift.across, corner.along + inside.shift.along)
        for child, node in inside.children:
            relative = inside.layout.centres[node]
            centre = Point(relative.across + shift.across, relative.along + shift.along)
            if isinstance(child, Box):
                size = inside.layout.sizes[node]
                self.boxes[child] = self._area(centre, size)
                continue
            inner = inside.frames[child]
            self.frames[child] = self._area(centre, inner.size)
            self._place(inner, Point(centre.across - inner.size.across / 2, centre.along - inner.size.along / 2))
        for thread, route in inside.routes.items():
            self.threads[inside.frame, thread] = [
                Point(bend.across + corner.across, bend.along + corner.along) for bend in route
            ]
