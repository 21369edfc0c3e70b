"""The page of the changes between two models: totals, one drawing with the changed layers marked, the changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cnncalc.analysis.difference.diff import difference_of
from cnncalc.analysis.difference.model import Difference, LayerChange
from cnncalc.analysis.report import Report
from cnncalc.graph.model import Graph
from cnncalc.number_text import thousands
from cnncalc.page.document import document
from cnncalc.page.folding import BoxMark, foldable
from cnncalc.page.layer_table import head_element, name_cell
from cnncalc.page.panes import drawing_pane, section, table_tools
from cnncalc.page.union import REMOVED, ComparedModel, union
from cnncalc.render.difference import words
from cnncalc.render.difference.rows import row_of
from cnncalc.render.html_text import Html, element

_COLUMNS = (("params", "Parameters"), ("macs", "MACs"), ("activation_bytes", "Memory"))


class AnalyzedModel(NamedTuple):
    """One of the two models, and the name by which the user knows it."""

    graph: Graph
    report: Report
    label: str


def difference_page(old: AnalyzedModel, new: AnalyzedModel) -> str:
    """The complete page."""
    difference = difference_of((old.graph, old.report), (new.graph, new.report))
    marks = dict(marks_of(difference))
    sides = [ComparedModel(side.graph, side.report, status_words(difference, side is old)) for side in (old, new)]
    found = union(*sides)
    drawing = foldable(found.diagram, found.layers, marks)
    boxes = dict(zip((layer.name for layer in found.layers), drawing.places["layers"], strict=True))
    names = [_key(change) for change in difference.layers]
    title = f"{old.label} → {new.label}"
    changes = _table(difference, marks) if difference.layers else element("p", "No layer differs.")
    body = (
        element("header", element("h1", title), element("p", words.headline(difference), class_="facts")),
        element(
            "main",
            section("totals", "Totals", _totals(difference, old.label, new.label)),
            section(
                "drawing", "Drawing", _legend(difference), drawing_pane(drawing.svg, has_copies=drawing.has_copies)
            ),
            section("table", "Layers that differ", table_tools(), changes),
        ),
    )
    data = {"names": names, "drawing": {**drawing.places, "layers": [boxes[name] for name in names]}}
    return document(title, body, data)


def _key(change: LayerChange) -> str:
    return f"{REMOVED}{change.shown.name}" if change.new is None else change.shown.name


def marks_of(difference: Difference) -> Iterator[tuple[str, BoxMark]]:
    """The marks of the layers that differ, with the names of these layers in the union of both models."""
    for change in difference.layers:
        if change.status != "affected":
            row = row_of(change)
            yield _key(change), BoxMark(_kind(change.status), row.sign, ", ".join([change.status, *row.remarks]))


def status_words(difference: Difference, is_old: bool) -> dict[str, str]:
    """The statuses of the layers of one side; equal blocks are drawn once only if they changed alike."""
    sides = ((change.old if is_old else change.new, change.status) for change in difference.layers)
    return {layer.name: status for layer, status in sides if layer is not None and status != "affected"}


def _legend(difference: Difference) -> Html:
    """The number of layers of each kind of change, in its colour."""
    counts = Counter(_kind(change.status) for change in difference.layers if change.status != "affected")
    parts = [
        element("span", f"{words.SIGNS[kind]} {thousands(counts[kind])} {kind}", class_=f"key {kind}")
        for kind in ("added", "removed", "changed")
        if counts[kind]
    ]
    return element("p", *parts, class_="legend")


def _kind(status: str) -> str:
    """The kind of mark for a status: moved and renamed layers are marked as changed."""
    return status if status in ("added", "removed") else "changed"


def _totals(difference: Difference, old: str, new: str) -> Html:
    rows = [
        element(
            "tr",
            element("th", words.TITLES[total.figure], scope="row"),
            element("td", words.figure_text(total.figure, total.old), class_="n"),
            element("td", words.figure_text(total.figure, total.new), class_="n"),
            element("td", words.growth_text(total), class_="n"),
            element("td", words.percent_text(total), class_="n"),
            class_=None if total.is_changed else "same",
        )
        for total in words.shown_totals(difference)
    ]
    heads = [element("th", text, scope="col", class_="n") for text in (old, new, "change", "")]
    head = element("thead", element("tr", element("td"), *heads))
    return element("div", element("table", head, element("tbody", *rows), class_="compared"), class_="wide")


def _table(difference: Difference, marks: Mapping[str, BoxMark]) -> Html:
    titles = [("number", "#"), ("layer", "Layer"), ("type", "Type"), ("change", "Change"), *_COLUMNS]
    rows = [_row(number, change, marks.get(_key(change))) for number, change in enumerate(difference.layers)]
    heads = element("thead", element("tr", *(head_element(key, title) for key, title in titles)))
    return element("div", element("table", heads, element("tbody", *rows), id="layers"), class_="wide")


def _row(number: int, change: LayerChange, mark: BoxMark | None) -> Html:
    row = row_of(change)
    status = "follows other changes" if change.status == "affected" else change.status
    said = "; ".join([*([] if any(status in remark for remark in row.remarks) else [status]), *row.remarks])
    figures = {figure.figure: figure for figure in change.figures()}
    cells = [
        element("td", thousands(number + 1), class_="n", data_v=str(number)),
        name_cell(change.shown.name, mark, _key(change)),
        element("td", row.what),
        element("td", said),
        *(_change(figures[key].old, figures[key].new, key) for key, _ in _COLUMNS),
    ]
    return element("tr", *cells, class_="same" if change.status == "affected" else None)


def _change(old: object, new: object, figure: str) -> Html:
    """A count on both sides; a layer that is not there counts as nothing."""
    before, after = (value if isinstance(value, int) else 0 for value in (old, new))
    sides = [words.figure_text(figure, value) for value in (before, after)]
    text = sides[0] if before == after else " → ".join(sides)
    return element("td", text, class_="n", data_v=str(after - before))
