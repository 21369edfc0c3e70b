"""A model as a diagram: blocks become frames or single boxes, equal neighbours one frame, small layers join boxes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from cnncalc.analysis.report import Report
from cnncalc.drawing.diagram import BlockFrame, Box, Diagram, DrawnLayer, Edge
from cnncalc.drawing.repeats import Repetition, runs, signatures
from cnncalc.graph.model import Graph

PAGE = 48
"""The number of boxes that fit on a page."""

JOINING = ("activation", "normalization", "regularization")
"""The families whose layers join the box before them, if nothing else uses that box's output."""


def diagram(
    graph: Graph, report: Report, depth: int | None = None, page: int = PAGE, *, words: Mapping[str, str] | None = None
) -> Diagram:
    """The diagram of a model, its blocks below level `depth` folded; None folds until at most `page` boxes are left.

    Equal neighbouring blocks become one frame. If a model is too large for a page even with all blocks folded, equal
    neighbouring layers do as well. `words` about layers, by name, set those apart that have different ones.
    """
    if depth is not None:
        return _Builder(graph, report, depth, words=words).diagram()
    deepest = max((len(layer.path) for layer in report.layers), default=0)
    for level in range(deepest, -1, -1):
        found = _Builder(graph, report, level).diagram()
        if found.root.size <= page:
            return found
    return _Builder(graph, report, 0, fold_layers=True).diagram()


class _Part(NamedTuple):
    """A layer, or neighbouring layers of one block: those from `start` to `end`."""

    start: int
    end: int
    block: str = ""


class _Builder:
    """Builds one diagram. Layers are numbered in the order of the report."""

    def __init__(
        self, graph: Graph, report: Report, depth: int, *, fold_layers: bool = False,
        words: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.report = report
        nodes = [node for node in graph.nodes if node.layer is not None]
        self.layers = [
            DrawnLayer(figures, node.layer, node.activation)
            for figures, node in zip(report.layers, nodes, strict=True)
            if node.layer is not None
        ]
        self.depth = depth
        self.fold_layers = fold_layers
        self.places = {layer.name: index for index, layer in enumerate(self.layers)}
        first = {tensor.name: -place for place, tensor in enumerate(reversed(report.inputs), 1)}
        self.words = words or {}
        signs = signatures(self.layers, {**first, **self.places})
        self.signatures = [(sign, self.words.get(layer.name)) for sign, layer in zip(signs, self.layers, strict=True)]
        self.uses = Counter(self._owner(name) for layer in self.layers for name in layer.figures.inputs)
        self.outputs = [self._owner(graph.nodes[place].name) for _, place in graph.outputs]
        self.uses.update(self.outputs)
        self.boxes: dict[str, Box] = {}
        """The box of each layer and input; the layers of copies have the boxes of the first copy."""
        self.copies: set[int] = set()
        """The layers of second and further copies, which are not drawn."""

    def diagram(self) -> Diagram:
        root = BlockFrame("", self.report.name)
        for tensor in self.report.inputs:
            box = Box(tensor.name, tensor.name, shape=tensor.shape)
            self.boxes[tensor.name] = box
            root.children.append(box)
        self._fill(root, _Part(0, len(self.layers)), 0)
        for name in self.outputs:
            self.boxes[name].is_output = True
        return Diagram(self.report.name, root, tuple(self._edges()), self.boxes)

    def _owner(self, name: str) -> str:
        """The layer or input that a tensor comes from: `split_1` for `split_1.0`."""
        before = name.rpartition(".")[0]
        return before if name not in self.places and before in self.places else name

    def _fill(self, frame: BlockFrame, inside: _Part, level: int) -> None:
        """Add layers that are in blocks `level` deep to a frame."""
        parts = self._parts(inside, level)
        repeated = {run.start: run for run in self._runs(parts)}
        place = 0
        while place < len(parts):
            run = repeated.get(place, Repetition(place, 1, 1))
            copy = parts[place : place + run.period]
            self._add(frame, copy, level, run.times)
            self._skip(copy[0].start, copy[-1].end, run.times)
            place += run.period * run.times

    def _parts(self, inside: _Part, level: int) -> list[_Part]:
        parts: list[_Part] = []
        numbers = range(inside.start, inside.end)
        for block, group in groupby(numbers, key=lambda number: self.layers[number].figures.path[level : level + 1]):
            found = list(group)
            if block:
                parts.append(_Part(found[0], found[-1] + 1, block[0]))
            else:
                parts += [_Part(number, number + 1) for number in found]
        return parts

    def _runs(self, parts: Sequence[_Part]) -> list[Repetition]:
        """The equal neighbours that are drawn once: blocks, and in diagrams that are too large also layers."""
        signs: list[Hashable] = [
            tuple(self.signatures[part.start : part.end]) if part.block or self.fold_layers else part.start
            for part in parts
        ]
        return runs(signs)

    def _add(self, frame: BlockFrame, copy: Sequence[_Part], level: int, times: int) -> None:
        if len(copy) == 1 and copy[0].block:
            self._add_block(frame, copy[0], level, times)
            return
        if times > 1:
            inner = BlockFrame(f"{self.layers[copy[0].start].name} ×{times}", "", times=times)
            frame.children.append(inner)
            frame = inner
        for part in copy:
            if part.block:
                self._add_block(frame, part, level, 1)
            else:
                self._add_layer(frame, self.layers[part.start])

    def _add_block(self, frame: BlockFrame, part: _Part, level: int, times: int) -> None:
        layers = tuple(self.layers[part.start : part.end])
        key = ".".join(layers[0].figures.path[: level + 1])
        last = self.layers[part.start + len(layers) * (times - 1)].figures.path[level]
        title = part.block if last == part.block else f"{part.block}–{last}"
        if level < self.depth:
            inner = BlockFrame(key, title, times=times)
            self._fill(inner, part, level + 1)
            frame.children.append(_without_needless_frame(inner))
            return
        box = Box(key, title, layers, layers[-1].figures.output_shape, folded=True, times=times)
        frame.children.append(box)
        self.boxes.update((layer.name, box) for layer in layers)

    def _add_layer(self, frame: BlockFrame, drawn: DrawnLayer) -> None:
        before = self.boxes.get(drawn.figures.inputs[0]) if len(drawn.figures.inputs) == 1 else None
        if before is not None and before in frame.children and self._joins(drawn, before):
            before.layers += (drawn,)
            self.boxes[drawn.name] = before
            return
        local = drawn.name.removeprefix(".".join(drawn.figures.path) + ".") if drawn.figures.path else drawn.name
        box = Box(drawn.name, local, (drawn,), drawn.figures.output_shape)
        frame.children.append(box)
        self.boxes[drawn.name] = box

    def _joins(self, drawn: DrawnLayer, before: Box) -> bool:
        """Whether a layer is written into the box before it."""
        if before.main is None or self.uses[before.layers[-1].name] != 1:
            return False
        if self.words.get(drawn.name) != self.words.get(before.main.name):
            return False
        return drawn.layer.family in JOINING and drawn.figures.output_shape == before.shape

    def _skip(self, start: int, end: int, times: int) -> None:
        """Give the layers of further copies the boxes of the first."""
        length = end - start
        for number in range(end, start + length * times):
            self.copies.add(number)
            self.boxes[self.layers[number].name] = self.boxes[self.layers[start + (number - start) % length].name]

    def _edges(self) -> list[Edge]:
        found: dict[tuple[Box, Box], Edge] = {}
        for number, drawn in enumerate(self.layers):
            if number in self.copies:
                continue
            head = self.boxes[drawn.name]
            for name, shape in zip(drawn.figures.inputs, drawn.figures.input_shapes, strict=True):
                tail = self.boxes[self._owner(name)]
                if tail is not head:
                    found.setdefault((tail, head), Edge(tail, head, shape))
        return list(found.values())


def _without_needless_frame(frame: BlockFrame) -> BlockFrame | Box:
    """The box of a frame around a single one, under the name of the block."""
    if len(frame.children) > 1 or not isinstance(frame.children[0], Box):
        return frame
    box = frame.children[0]
    box.title = frame.title
    box.times *= frame.times
    return box
