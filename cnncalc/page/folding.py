"""The drawing of a page: the graph with every block open, and the places of everything, so that the script can fold.

The script moves what is drawn here and hides it; it draws nothing itself but the lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cnncalc.analysis.report import Report
from cnncalc.drawing.boxes import box_height, box_width, description, draw_box
from cnncalc.drawing.diagram import BlockFrame, Box, Diagram, DrawnLayer
from cnncalc.drawing.folding import PAGE
from cnncalc.drawing.forms._geometry import coordinate
from cnncalc.drawing.forms.svg import elements
from cnncalc.drawing.nesting import Area
from cnncalc.drawing.picture import Circle, Drawn, Label, Paint, Spot
from cnncalc.drawing.styles.graph import arranged, draw_edge, draw_frame, shape_labels
from cnncalc.graph.model import Graph
from cnncalc.render.html_text import Html, element

DEEPEST = 1_000
"""More levels of blocks than any spec has."""
MARGIN = 16.0
"""The distance of the drawing from the border of its pane."""


class BoxMark(NamedTuple):
    """A sign at the corner of a box: its kind, the character, and the reason."""

    kind: str
    sign: str
    text: str


_COLOURS: Mapping[str, str] = {
    "finding": "marked",
    "added": "merge.line",
    "removed": "marked",
    "changed": "resizing.line",
}


class FoldableDrawing(NamedTuple):
    """The SVG element, and what the script knows of it."""

    svg: Html
    places: dict[str, Any]
    has_copies: bool
    """Whether a block is drawn once for several equal ones."""


def foldable(
    diagram: Diagram, layers: Sequence[DrawnLayer], marks: Mapping[str, BoxMark], columns: tuple[str, ...] = ()
) -> FoldableDrawing:
    """The drawing of a diagram whose blocks are all open, of these layers. `marks` are by the names of layers."""
    return _FoldableBuilder(diagram, layers, marks, columns).drawing()


class _FoldableBuilder:
    """Collects the elements and places of one drawing; boxes and frames are numbered in the order of the model."""

    def __init__(
        self, diagram: Diagram, layers: Sequence[DrawnLayer], marks: Mapping[str, BoxMark], columns: tuple[str, ...]
    ) -> None:
        self.diagram = diagram
        self.layers = layers
        self.columns = columns
        self.placed = arranged(diagram, columns=columns)
        self.marks = {diagram.places[name]: mark for name, mark in reversed([*marks.items()])}
        self.labels = shape_labels(diagram, self.placed)
        self.boxes = list(diagram.root.boxes())
        self.frames = list(diagram.root.frames())
        self.numbers = {box: number for number, box in enumerate(self.boxes)}
        self.frame_numbers = {frame: number for number, frame in enumerate(self.frames)}
        self.parents = dict(_parents(diagram.root, -1, self.frame_numbers))
        self.folded = {frame: self._folded_box(frame) for frame in self.frames}
        self.width = box_width([*self.boxes, *self.folded.values()], columns)

    def drawing(self) -> FoldableDrawing:
        size = [self.placed.width, self.placed.height]
        edges = [self._edge(number) for number in range(len(self.diagram.edges))]
        parts = [*map(self._frame, self.frames), *edges, *map(self._box, self.boxes), *map(self._folded, self.frames)]
        view = " ".join(map(coordinate, (-MARGIN, -MARGIN, size[0] + 2 * MARGIN, size[1] + 2 * MARGIN)))
        svg = element("svg", *parts, id="graph", viewBox=view, width=coordinate(size[0]), height=coordinate(size[1]))
        layers = [self.numbers[self.diagram.places[layer.name]] for layer in self.layers]
        places = {
            "size": size,
            "boxes": [[*_rounded(self.placed.boxes[box]), self.parents[box]] for box in self.boxes],
            "frames": [self._frame_place(frame) for frame in self.frames],
            "edges": [self._edge_place(number) for number in range(len(self.diagram.edges))],
            "layers": layers,
            "open": self._opened(),
        }
        return FoldableDrawing(svg, places, any(frame.times > 1 for frame in self.frames))

    def _frame(self, frame: BlockFrame) -> Html:
        group = draw_frame(frame, self.placed.frames[frame])
        foldable = "frame foldable" if frame.title else "frame"
        return element("g", *_markup(group.shapes), class_=foldable, id=f"frame-{self.frame_numbers[frame]}")

    def _box(self, box: Box) -> Html:
        shapes: list[Drawn] = list(draw_box(box, self.placed.boxes[box], self.columns).shapes)
        if box in self.labels:
            shapes.append(self.labels[box])
        mark = self.marks.get(box)
        if mark:
            shapes += _sign(mark, self.placed.boxes[box])
        return _group(box, shapes, f"box-{self.numbers[box]}", "box" if box.layers else "input", mark)

    def _folded(self, frame: BlockFrame) -> Html:
        """The box that takes the place of a frame when it is folded, drawn at 0, 0."""
        box = self.folded[frame]
        area = Area(0.0, 0.0, self.width, box_height(box, self.columns))
        shapes: list[Drawn] = list(draw_box(box, area, self.columns).shapes)
        mark = _together([self.marks.get(inner) for inner in frame.boxes()])
        if mark:
            shapes += _sign(mark, area)
        return _group(box, shapes, f"folded-{self.frame_numbers[frame]}", "folded", mark)

    def _folded_box(self, frame: BlockFrame) -> Box:
        """One of the equal copies that a frame represents as a box."""
        inside = set(frame.boxes())
        layers = [layer for layer in self.layers if self.diagram.places[layer.name] in inside]
        copy = tuple(layers[: len(layers) // frame.times])
        return Box(frame.key, frame.title, copy, layers[-1].figures.output_shape, folded=True, times=frame.times)

    def _edge(self, number: int) -> Html:
        edge = self.diagram.edges[number]
        return element(
            "g", *_markup([draw_edge(self.placed.routes[edge], down=True)]), class_="edge", id=f"edge-{number}"
        )

    def _frame_place(self, frame: BlockFrame) -> list[float]:
        """Its area, the frame around it, and the size of its folded box; 0 for one that does not fold."""
        height = box_height(self.folded[frame], self.columns) if frame.title else 0.0
        return [*_rounded(self.placed.frames[frame]), self.parents[frame], self.width, height]

    def _edge_place(self, number: int) -> list[Any]:
        edge = self.diagram.edges[number]
        route = [round(value, 2) for spot in self.placed.routes[edge] for value in spot]
        return [self.numbers[edge.tail], self.numbers[edge.head], route]

    def _opened(self) -> int:
        """The number of levels of frames that are open at first: as many as fit on a page."""
        deepest = max((self._level(frame) for frame in self.frames), default=-1) + 1
        for level in range(deepest, 0, -1):
            if self._visible(level) <= PAGE:
                return level
        return 0

    def _level(self, child: Box | BlockFrame) -> int:
        level, parent = 0, self.parents[child]
        while parent >= 0:
            level, parent = level + 1, self.parents[self.frames[parent]]
        return level

    def _visible(self, level: int) -> int:
        """The number of boxes if frames of this level and below are folded."""
        inside = sum(self._level(box) <= level for box in self.boxes)
        return inside + sum(self._level(frame) == level for frame in self.frames)


def _parents(
    frame: BlockFrame, number: int, numbers: Mapping[BlockFrame, int]
) -> Iterator[tuple[Box | BlockFrame, int]]:
    for child in frame.children:
        yield child, number
        if isinstance(child, BlockFrame):
            yield from _parents(child, numbers[child], numbers)


def _together(marks: list[BoxMark | None]) -> BoxMark | None:
    """The mark of a block: a finding, the common mark of all its boxes, or a change if some or others have marks."""
    kinds = {mark.kind if mark else "" for mark in marks}
    found = next((mark for mark in marks if mark), None)
    if found is None or found.kind == "finding" or len(kinds) == 1:
        return found
    return BoxMark("changed", "~", "contains changes")


def drawn_layers(graph: Graph, report: Report) -> list[DrawnLayer]:
    """The layers of a model with their metrics."""
    nodes = [node for node in graph.nodes if node.layer is not None]
    return [
        DrawnLayer(figures, node.layer, node.activation)
        for figures, node in zip(report.layers, nodes, strict=True)
        if node.layer is not None
    ]


def _group(box: Box, shapes: list[Drawn], name: str, kind: str, mark: BoxMark | None) -> Html:
    """A box as an element that can be chosen."""
    said = f"{description(box)}, {mark.text}" if mark else description(box)
    classes = f"{kind} {mark.kind}" if mark else kind
    role = "img" if kind == "input" else "button"
    content = (element("title", said), *_markup(shapes))
    return element("g", *content, class_=classes, id=name, role=role, aria_label=said, tabindex="-1")


def _sign(mark: BoxMark, area: Area) -> list[Drawn]:
    x, y = area.x + area.width - 3.0, area.y + 3.0
    return [
        Circle(Spot(x, y), 8.0, Paint(_COLOURS[mark.kind])),
        Label(x, y + 4.0, mark.sign, 12.0, "paper", "middle", bold=True),
    ]


def _rounded(area: Area) -> list[float]:
    return [round(value, 2) for value in area]


def _markup(shapes: list[Drawn] | tuple[Drawn, ...]) -> Iterator[Html]:
    return map(Html, elements(shapes))
