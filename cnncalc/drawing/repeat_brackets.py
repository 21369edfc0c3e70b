"""Brackets under the volumes of repeated blocks, which are drawn once: `×12`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cnncalc.drawing.diagram import Box, Diagram
from cnncalc.drawing.picture import Curve, Drawn, Label, Paint, Spot
from cnncalc.drawing.volume_places import ColumnSpan, PlacedVolume

TICK = 6.0
LANE = 26.0
"""The height of a bracket with its label; brackets over the same columns are under each other."""
TEXT_SIZE = 12.0


def repeat_brackets(
    diagram: Diagram, places: Mapping[Box, PlacedVolume], columns: list[ColumnSpan], top: float
) -> Iterator[Drawn]:
    """A bracket for each frame of several copies, from `top` downwards, inner ones first."""
    lanes: list[list[ColumnSpan]] = []
    repeated = [frame for frame in diagram.root.frames() if frame.times > 1]
    for frame in sorted(repeated, key=lambda frame: frame.size):
        inside = [places[box].column for box in frame.boxes()]
        span = ColumnSpan(columns[min(inside)].left, columns[max(inside)].right)
        free = (lane for lane in lanes if all(span.right < other.left or other.right < span.left for other in lane))
        lane = next(free, None)
        if lane is None:
            lanes.append(lane := [])
        lane.append(span)
        y = top + LANE * lanes.index(lane)
        corners = (Spot(span.left, y + TICK), Spot(span.right, y + TICK), Spot(span.right, y))
        yield Curve(Spot(span.left, y), tuple((corner,) for corner in corners), Paint(None, "line", 1.2))
        middle = (span.left + span.right) / 2
        yield Label(middle, y + TICK + 14.0, f"×{frame.times}", TEXT_SIZE, anchor="middle", bold=True)
