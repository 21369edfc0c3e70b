"""The table of a page: a row for each layer, with the values by which the script sorts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import NamedTuple

from cnncalc.analysis.report import Report
from cnncalc.drawing.captions import caption
from cnncalc.drawing.diagram import DrawnLayer
from cnncalc.number_text import byte_size, percent, show_shape, thousands
from cnncalc.page.folding import BoxMark
from cnncalc.render.html_text import Html, element


class PageLayer(NamedTuple):
    """A layer with the memory that is in use while it runs."""

    number: int
    drawn: DrawnLayer
    live_bytes: int


class PageColumn(NamedTuple):
    """A column of numbers: the value by which it is sorted, its text, and the text of a share or remark."""

    key: str
    title: str
    value: Callable[[PageLayer], int]
    text: Callable[[int, PageLayer], str]
    total: Callable[[Report], int | None] = lambda report: None
    """The sum, of which each layer has a share."""


def _field(layer: PageLayer) -> int:
    return prod(layer.drawn.figures.receptive_field or ())


COLUMNS = (
    PageColumn(
        "output", "Output", lambda layer: prod(layer.drawn.figures.output_shape),
        lambda value, layer: show_shape(layer.drawn.figures.output_shape, times="×"),
    ),
    PageColumn(
        "params", "Parameters", lambda layer: layer.drawn.figures.params, lambda value, layer: thousands(value),
        lambda report: report.totals.params,
    ),
    PageColumn(
        "macs", "MACs", lambda layer: layer.drawn.figures.macs, lambda value, layer: thousands(value),
        lambda report: report.totals.macs,
    ),
    PageColumn(
        "memory", "Memory", lambda layer: layer.drawn.figures.activation_bytes, lambda value, layer: byte_size(value),
        lambda report: sum(layer.activation_bytes for layer in report.layers),
    ),
    PageColumn("live", "In use", lambda layer: layer.live_bytes, lambda value, layer: byte_size(value)),
    PageColumn(
        "field", "Field", _field,
        lambda value, layer: show_shape(layer.drawn.figures.receptive_field, times="×")
        if layer.drawn.figures.receptive_field else "–",
    ),
)  # fmt: skip
"""The columns after the number, the name and the type."""

_HELP: Mapping[str, str] = {
    "memory": "Memory of the output",
    "live": "Memory of all tensors that are in use while the layer runs",
    "field": "Receptive field",
}


def table_element(report: Report, layers: Sequence[PageLayer], marks: Mapping[str, BoxMark]) -> Html:
    """The table. The cells of a row are in the order of the columns, after the number, the name and the type."""
    titles = [("number", "#"), ("layer", "Layer"), ("type", "Type"), *((each.key, each.title) for each in COLUMNS)]
    heads = [head_element(key, title) for key, title in titles]
    rows = [_row(report, layer, marks.get(layer.drawn.name)) for layer in layers]
    table = element("table", element("thead", element("tr", *heads)), element("tbody", *rows), id="layers")
    return element("div", table, class_="wide")


def head_element(key: str, title: str) -> Html:
    """The title of a column, which sorts it."""
    button = element("button", title, type="button", title=_HELP.get(key))
    return element("th", button, scope="col", class_=f"c-{key}", aria_sort="ascending" if key == "number" else "none")


def name_cell(name: str, mark: BoxMark | None, key: str = "") -> Html:
    """The name of a layer as a link to it, with its mark; `key` is what the link names, if that is not the name."""
    sign = element("span", mark.sign, class_=f"sign {mark.kind}", title=mark.text) if mark else ""
    return element("th", element("a", name, href=f"#{_fragment(key or name)}"), sign, scope="row")


def _row(report: Report, layer: PageLayer, mark: BoxMark | None) -> Html:
    cells = [
        element("td", thousands(layer.number + 1), class_="n", data_v=str(layer.number)),
        name_cell(layer.drawn.name, mark),
        element("td", caption(layer.drawn)),
        *(_number(report, column, layer) for column in COLUMNS),
    ]
    return element("tr", *cells)


def _number(report: Report, column: PageColumn, layer: PageLayer) -> Html:
    value = column.value(layer)
    total = column.total(report)
    text = column.text(value, layer) if value or total is None else "–"
    share = percent(value, total) if total else ""
    return element("td", text, class_="n", data_v=str(value), data_share=share or None)


def _fragment(name: str) -> str:
    """A name as the fragment of a link."""
    from urllib.parse import quote

    return quote(name, safe="-._~!$'()*+,;=:@/?")
