"""A spec as a diagram and as an arrangement, for tests."""

from __future__ import annotations

from typing import Any

from cnncalc.analysis.analyze import examine
from cnncalc.drawing.diagram import BlockFrame, Box, Diagram
from cnncalc.drawing.folding import diagram
from cnncalc.drawing.nesting import Area
from cnncalc.drawing.picture import Picture
from cnncalc.drawing.styles.graph import draw


def diagram_of(spec: Any, depth: int | None = None) -> Diagram:
    graph, report = examine(spec)
    return diagram(graph, report, depth)


def picture_of(spec: Any, depth: int | None = None, **options: Any) -> Picture:
    graph, report = examine(spec)
    return draw(diagram(graph, report, depth), report, **options)


def outline(frame: BlockFrame) -> list[Any]:
    """The titles in a frame: a text for a box, a pair of title and content for a frame, with `×N` for copies."""
    return [
        _times(child.title, child.times)
        if isinstance(child, Box)
        else (_times(child.title, child.times), outline(child))
        for child in frame.children
    ]


def _times(title: str, times: int) -> str:
    return f"{title} ×{times}".strip() if times > 1 else title


def overlap(one: Area, other: Area) -> bool:
    return (
        one.x < other.x + other.width - 1e-6
        and other.x < one.x + one.width - 1e-6
        and one.y < other.y + other.height - 1e-6
        and other.y < one.y + one.height - 1e-6
    )
