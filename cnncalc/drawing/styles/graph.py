"""The graph of a model: a box for every layer, frames around blocks, and the paths of the tensors."""

from __future__ import annotations

from cnncalc.analysis.report import Report
from cnncalc.drawing.boxes import TEXT_SIZE, box_height, box_width, draw_box
from cnncalc.drawing.diagram import BlockFrame, Box, Diagram, Edge, frame_title
from cnncalc.drawing.layout.network import Spacing
from cnncalc.drawing.nesting import Area, Arrangement, Direction, Measures, arrange
from cnncalc.drawing.picture import Curve, Drawn, Group, Label, Paint, Picture, Rectangle, Spot, moved
from cnncalc.drawing.text_width import text_width
from cnncalc.number_text import plural, short, show_shape, thousands

MARGIN = 20.0
SHAPE_SIZE = 10.0
SHAPE_ROOM = 15.0
"""The room under a box for the shape of its output; lines are straight there."""
HEAD_SIZE = 15.0


def draw(diagram: Diagram, report: Report, *, direction: Direction = "down", columns: tuple[str, ...] = ()) -> Picture:
    """The picture of a diagram; `columns` are figures that each box shows besides its shape, `params` or `macs`."""
    found = arranged(diagram, direction=direction, columns=columns)
    shapes: list[Drawn] = [draw_frame(frame, area) for frame, area in found.frames.items()]
    shapes += [draw_edge(route, down=direction == "down") for route in found.routes.values()]
    if direction == "down":
        shapes += shape_labels(diagram, found).values()
    shapes += [draw_box(box, area, columns) for box, area in found.boxes.items()]
    heading = _heading(report)
    wide = max(text_width(line.text, line.size, bold=line.bold) for line in heading)
    top = MARGIN + 2 * HEAD_SIZE + 10.0
    width = max(found.width, wide) + 2 * MARGIN
    left = (width - found.width) / 2
    return Picture(
        width,
        found.height + top + MARGIN,
        (*heading, *(moved(shape, left, top) for shape in shapes)),
        report.name or "model",
        _description(report),
    )


def arranged(diagram: Diagram, *, direction: Direction = "down", columns: tuple[str, ...] = ()) -> Arrangement:
    """The places of the boxes, all equally wide, and of the frames and edges."""
    width = box_width(diagram.root.boxes(), columns)
    return arrange(diagram, Measures(lambda box: (width, box_height(box, columns)), _title_width, direction, Spacing()))


def _heading(report: Report) -> tuple[Label, ...]:
    title = f"{report.name or 'model'}{_part(report)}"
    name = Label(MARGIN, MARGIN + HEAD_SIZE * 0.8, title, HEAD_SIZE, bold=True)
    return name, Label(MARGIN, MARGIN + HEAD_SIZE * 0.8 + 17.0, _totals(report), TEXT_SIZE, "muted")


def _part(report: Report) -> str:
    """The line at which a model that cannot be followed to its end breaks off; empty for a complete one."""
    return f", up to {report.rest.line}" if report.rest is not None else ""


def _totals(report: Report) -> str:
    params, macs = ("≥ " * (figure in report.at_least) for figure in ("params", "macs"))
    return f"{params}{thousands(report.totals.params)} parameters · {macs}{short(report.totals.macs)} MACs"


def _description(report: Report) -> str:
    inputs = ", ".join(show_shape(tensor.shape, times="×") for tensor in report.inputs)
    outputs = ", ".join(show_shape(tensor.shape, times="×") for tensor in report.outputs)
    end = f" to {outputs}" if outputs else _part(report)
    return f"{plural(len(report.layers), 'layer')} from {inputs}{end}, {_totals(report)}."


def _title_width(frame: BlockFrame) -> float:
    return text_width(frame_title(frame), TEXT_SIZE, bold=True) + 8.0


def draw_frame(frame: BlockFrame, area: Area) -> Group:
    """The border of a frame and its title."""
    paint = Paint("frame", "frame.line", 1.5 if frame.times > 1 else 1.0)
    shapes: list[Drawn] = [
        Rectangle(area.x, area.y, area.width, area.height, paint, 8.0),
        Label(area.x + 10.0, area.y + 17.0, frame_title(frame), TEXT_SIZE, "muted", bold=True),
    ]
    return Group(tuple(shapes), f"{frame.key}/", frame_title(frame))


def draw_edge(route: tuple[Spot, ...], *, down: bool) -> Curve:
    """A line that follows the flow past boxes, and changes sides in an S between the ranks, below the shapes."""
    pieces: list[tuple[Spot, ...]] = []
    for place in range(1, len(route)):
        start, end = route[place - 1], route[place]
        shift = abs(end.x - start.x) if down else abs(end.y - start.y)
        if shift < 0.5:
            if start != end:
                pieces.append((end,))
        elif down:
            bend = start.y + SHAPE_ROOM
            middle = (bend + end.y) / 2
            pieces += [(Spot(start.x, bend),), (Spot(start.x, middle), Spot(end.x, middle), end)]
        else:
            middle = (start.x + end.x) / 2
            pieces.append((Spot(middle, start.y), Spot(middle, end.y), end))
    return Curve(route[0], tuple(pieces), Paint(None, "line", 1.3), arrow=True)


def shape_labels(diagram: Diagram, found: Arrangement) -> dict[Box, Label]:
    """The shape on the output of each box that changes it."""
    before: dict[Box, set[tuple[int, ...]]] = {}
    users: dict[Box, list[Edge]] = {}
    for edge in diagram.edges:
        before.setdefault(edge.head, set()).add(edge.shape)
        users.setdefault(edge.tail, []).append(edge)
    labels: dict[Box, Label] = {}
    for box, edges in users.items():
        if box.layers and before.get(box) != {box.shape}:
            area = found.boxes[box]
            middle = area.x + area.width / 2
            bends = [bend.x for edge in edges for bend in found.routes[edge]]
            right = max(bends) <= middle + 1.0 or min(bends) < middle - 1.0
            x, y = middle + (5.0 if right else -5.0), area.y + area.height + SHAPE_SIZE + 2.0
            text = show_shape(edges[0].shape, times="×")
            labels[box] = Label(x, y, text, SHAPE_SIZE, "muted", "start" if right else "end")
    return labels
