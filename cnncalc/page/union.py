"""The diagram of two models in one: the new model, with the removed layers where they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cnncalc.analysis.difference.fingerprint import items
from cnncalc.analysis.difference.pairing import pair
from cnncalc.analysis.report import Report
from cnncalc.drawing.diagram import BlockFrame, Box, Diagram, DrawnLayer, Edge
from cnncalc.drawing.folding import diagram
from cnncalc.drawing.nesting import Child
from cnncalc.graph.model import Graph
from cnncalc.page.folding import DEEPEST, drawn_layers

REMOVED = "−"
"""The sign before the name of a removed layer, which may also be the name of a new one."""


class ComparedModel(NamedTuple):
    """One side of a comparison; `words` set layers apart that must not be drawn as equal, by name."""

    graph: Graph
    report: Report
    words: Mapping[str, str]


class Union(NamedTuple):
    """The diagram, and all layers in it: the removed ones, with their sign, before the new ones."""

    diagram: Diagram
    layers: tuple[DrawnLayer, ...]


def union(old: ComparedModel, new: ComparedModel) -> Union:
    """The union of two models."""
    merged = _Merged(old, new)
    merged.graft(merged.before.root)
    edges = dict.fromkeys([*merged.after.edges, *merged.edges()])
    gone = [
        layer._replace(figures=layer.figures._replace(name=f"{REMOVED}{layer.name}"))
        for layer in drawn_layers(old.graph, old.report)
        if merged.before.places[layer.name] in merged.grafted
    ]
    places = dict(merged.after.places)
    places.update((layer.name, merged.before.places[layer.name.removeprefix(REMOVED)]) for layer in gone)
    found = Diagram(merged.after.name, merged.after.root, tuple(edges), places)
    return Union(found, (*gone, *drawn_layers(new.graph, new.report)))


class _Merged:
    """The diagrams of both models; removed boxes and blocks move from the first to the second."""

    def __init__(self, old: ComparedModel, new: ComparedModel) -> None:
        self.before = diagram(old.graph, old.report, DEEPEST, words=old.words)
        self.after = diagram(new.graph, new.report, DEEPEST, words=new.words)
        self.grafted: set[Box] = set()
        self.partners = self._partners(old, new)
        """The boxes of the new diagram, first and last, for those boxes of the old one whose layers remain."""
        self.paths = dict(_paths(self.after.root))

    def _partners(self, old: ComparedModel, new: ComparedModel) -> dict[Box, tuple[Box, Box]]:
        pairs = pair(items(old.graph, old.report.layers), items(new.graph, new.report.layers)).pairs
        found: dict[Box, tuple[Box, Box]] = {}
        for i, j in sorted(pairs):
            box = self.before.places[old.report.layers[i].name]
            partner = self.after.places[new.report.layers[j].name]
            found[box] = (found.get(box, (partner, partner))[0], partner)
        for one, other in zip(old.report.inputs, new.report.inputs, strict=False):
            found[self.before.places[one.name]] = (self.after.places[other.name],) * 2
        return found

    def graft(self, frame: BlockFrame) -> None:
        """Move what is removed as a whole from a frame of the old diagram to the frame that corresponds to it."""
        target = self._counterpart(frame)
        children: dict[Child | None, list[Child]] = {None: []}
        after: Child | None = None
        for child in frame.children:
            boxes = [child] if isinstance(child, Box) else list(child.boxes())
            kept = [self.partners[box][1] for box in boxes if box in self.partners]
            if not kept:
                children.setdefault(after, []).append(child)
                self.grafted.update(boxes)
                continue
            after = self._inside(target, kept[-1]) or after
            if isinstance(child, BlockFrame):
                self.graft(child)
        target.children = [*children[None], *(new for own in target.children for new in (own, *children.get(own, ())))]

    def _counterpart(self, frame: BlockFrame) -> BlockFrame:
        """The innermost frame of the new diagram around what remains of a frame; the whole diagram for the whole."""
        if frame is self.before.root:
            return self.after.root
        paths = [self.paths[self.partners[box][0]] for box in frame.boxes() if box in self.partners]
        common = self.after.root
        for several in zip(*paths, strict=False):
            if len(set(several)) > 1 or not isinstance(several[0], BlockFrame):
                break
            common = several[0]
        return common

    def _inside(self, frame: BlockFrame, box: Box) -> Child | None:
        """The child of a frame that is a box or contains it."""
        path = self.paths[box]
        return path[path.index(frame) + 1] if frame in path else None

    def edges(self) -> Iterator[Edge]:
        """The edges of the removed boxes, to and from the boxes that remain.

        Each leads from an earlier child of a frame to a later one; those that would not, since layers moved, are left
        out.
        """
        paths = dict(_paths(self.after.root))
        places = {child: place for frame in _frames(self.after.root) for place, child in enumerate(frame.children)}
        for edge in self.before.edges:
            if edge.tail not in self.grafted and edge.head not in self.grafted:
                continue
            tail = edge.tail if edge.tail in self.grafted else self.partners[edge.tail][1]
            head = edge.head if edge.head in self.grafted else self.partners[edge.head][0]
            fork = next((both for both in zip(paths[tail], paths[head], strict=False) if both[0] is not both[1]), None)
            if fork is not None and places[fork[0]] < places[fork[1]]:
                yield Edge(tail, head, edge.shape)


def _frames(root: BlockFrame) -> Iterator[BlockFrame]:
    yield root
    yield from root.frames()


def _paths(frame: BlockFrame, before: tuple[Child, ...] = ()) -> Iterator[tuple[Box, tuple[Child, ...]]]:
    """Every box with the frames around it, outermost first, and itself."""
    path = (*before, frame)
    for child in frame.children:
        if isinstance(child, Box):
            yield child, (*path, child)
        else:
            yield from _paths(child, path)
