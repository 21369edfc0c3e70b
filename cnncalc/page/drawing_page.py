"""A drawing alone as a page, to move and zoom; blocks of a graph fold and unfold."""

from __future__ import annotations

from cnncalc.analysis.report import Report
from cnncalc.drawing.folding import diagram
from cnncalc.drawing.picture import Picture
from cnncalc.graph.model import Graph
from cnncalc.number_text import plural, short, thousands
from cnncalc.page.document import document
from cnncalc.page.drawn import picture_element
from cnncalc.page.folding import DEEPEST, drawn_layers, foldable
from cnncalc.page.panes import drawing_pane
from cnncalc.render.html_text import Html, element
from cnncalc.render.summary.totals import facts


def graph_page(graph: Graph, report: Report, depth: int | None, columns: tuple[str, ...]) -> str:
    """The graph of a model. Blocks below level `depth` are folded at first; None leaves as many open as fit."""
    layers = drawn_layers(graph, report)
    drawing = foldable(diagram(graph, report, DEEPEST), layers, {}, columns)
    places = drawing.places if depth is None else {**drawing.places, "open": depth}
    data = {"names": [layer.name for layer in layers], "drawing": places}
    counts = f"{plural(len(layers), 'layer')}, {thousands(report.totals.params)} parameters"
    lines = (" · ".join(facts(report)), f"{counts}, {short(report.totals.macs)} MACs")
    title = report.name or "model"
    return document(
        title, [_head(title, *lines), _main(drawing_pane(drawing.svg, has_copies=drawing.has_copies))], data
    )


def picture_page(picture: Picture) -> str:
    """A picture that does not fold."""
    svg = picture_element(picture, name="graph")
    return document(picture.title, [_main(drawing_pane(svg, folds=False))], {})


def _head(title: str, *lines: str) -> Html:
    return element("header", element("h1", title), *(element("p", line, class_="facts") for line in lines))


def _main(content: Html) -> Html:
    return element("main", content, class_="alone")
