"""A diagram with only a few boxes of interest: their neighbours stay, and everything else is folded."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from cnncalc.drawing.diagram import BlockFrame, Box, Diagram, Edge
from cnncalc.drawing.nesting import Child


def condensed(diagram: Diagram, wanted: Collection[Box], others: str) -> Diagram:
    """The diagram in which boxes that are not wanted, and have no edge to a wanted one, are folded.

    A block without a wanted box becomes one box; so do neighbours that are folded, under the title `others`.
    """
    near = {box for edge in diagram.edges for box in (edge.tail, edge.head) if {edge.tail, edge.head} & set(wanted)}
    fold = _Condenser(set(wanted), near | {box for box in diagram.root.boxes() if not box.layers}, others)
    root = fold.frame(diagram.root)
    edges: dict[tuple[Box, Box], Edge] = {}
    for edge in diagram.edges:
        tail, head = fold.places[edge.tail], fold.places[edge.head]
        if tail is not head:
            edges.setdefault((tail, head), Edge(tail, head, edge.shape))
    places = {name: fold.places[box] for name, box in diagram.places.items()}
    return Diagram(diagram.name, root, tuple(edges.values()), places)


class _Condenser:
    def __init__(self, wanted: set[Box], near: set[Box], others: str) -> None:
        self.wanted = wanted
        self.near = near
        self.others = others
        self.places: dict[Box, Box] = {}
        """The box of the new diagram for each box of the old one."""

    def frame(self, frame: BlockFrame) -> BlockFrame:
        found = BlockFrame(frame.key, frame.title, times=frame.times)
        run: list[Child] = []
        for child in frame.children:
            boxes = list(_boxes(child))
            if self.near.isdisjoint(boxes):
                run.append(child)
                continue
            found.children += self._folded(run)
            run = []
            if isinstance(child, BlockFrame):
                is_open = not self.wanted.isdisjoint(boxes)
                found.children.append(self.frame(child) if is_open else self._one(boxes, child.title, child.times))
            else:
                self.places[child] = child
                found.children.append(child)
        found.children += self._folded(run)
        return found

    def _folded(self, run: list[Child]) -> list[Child]:
        """Neighbours as one box; one that is alone keeps its title."""
        if not run:
            return []
        boxes = [box for child in run for box in _boxes(child)]
        if len(boxes) == 1 and isinstance(run[0], Box):
            self.places[boxes[0]] = boxes[0]
            return [boxes[0]]
        title = run[0].title if len(run) == 1 else self.others
        return [self._one(boxes, title, run[0].times if len(run) == 1 else 1)]

    def _one(self, boxes: list[Box], title: str, times: int) -> Box:
        layers = tuple(layer for box in boxes for layer in box.layers)
        found = Box(f"{boxes[0].key}/", title, layers, boxes[-1].shape, folded=True, times=times)
        self.places.update((box, found) for box in boxes)
        return found


def _boxes(child: Child) -> Iterator[Box]:
    if isinstance(child, Box):
        yield child
    else:
        yield from child.boxes()
