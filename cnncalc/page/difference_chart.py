"""A Mermaid chart of the changes between two models, for comments on pull requests."""

from __future__ import annotations

from cnncalc.analysis.difference.model import Difference
from cnncalc.analysis.report import Report
from cnncalc.drawing.condensing import condensed
from cnncalc.drawing.diagram import Box
from cnncalc.drawing.forms import mermaid
from cnncalc.graph.model import Graph
from cnncalc.page.difference_page import marks_of, status_words
from cnncalc.page.union import ComparedModel, union


def difference_chart(old: tuple[Graph, Report], new: tuple[Graph, Report], difference: Difference) -> str | None:
    """The layers that were added, removed or changed, with their neighbours; None if Mermaid would refuse the chart."""
    sides = [ComparedModel(*side, status_words(difference, side is old)) for side in (old, new)]
    whole = union(*sides).diagram
    colours: dict[Box, str] = {}
    for name, mark in marks_of(difference):
        box = whole.places[name]
        if box not in colours:
            colours[box] = mark.kind
            box.title = f"{mark.sign} {box.title.removeprefix(mark.sign)}"
    found = condensed(whole, colours.keys(), "unchanged")
    text = mermaid.render(found, colours={box: colours.get(box, "input") for box in found.root.boxes()})
    return text if mermaid.fits(text) else None
