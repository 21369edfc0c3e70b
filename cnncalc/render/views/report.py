"""Views of a report."""

from __future__ import annotations

from cnncalc.analysis.report import Report
from cnncalc.number_text import plural, short, show_shape, thousands
from cnncalc.render.html_text import element
from cnncalc.render.summary import markdown as summary_markdown
from cnncalc.render.summary import table
from cnncalc.render.summary.columns import chosen_columns
from cnncalc.render.summary.fold import fold
from cnncalc.render.summary.totals import facts, totals
from cnncalc.render.views._html_table import html_table

MOST_ROWS = 120
"""A notebook shows longer tables with blocks folded."""


def brief(value: Report) -> str:
    shapes = " and ".join(show_shape(tensor.shape) for tensor in value.outputs)
    params = value.totals.params
    count = short(params) if params >= 1_000_000 else thousands(params)
    layers = plural(len(value.all_layers), "layer")
    return f"<Report {value.name or 'model'}: {layers}, {count} parameters, output {shapes or '?'}>"


def text(value: Report, columns: str = "", depth: int | None = None) -> str:
    return table.render(value, chosen_columns(columns), depth)


def markdown(value: Report) -> str:
    return summary_markdown.render(value, chosen_columns(""), _depth(value))


def html(value: Report) -> str:
    columns = chosen_columns("")
    rows = [[column.cell(layer, value) for column in columns] for layer in fold(value.all_layers, _depth(value))]
    align = "".join("r" if column.numeric else "l" for column in columns)
    layers = html_table([column.title for column in columns], rows, align, [column.footer(value) for column in columns])
    sums = html_table(["Total", "", ""], totals(value), "lrl")
    heading = element("p", element("b", value.name or "model"), " ", " · ".join(facts(value)))
    return element("div", heading, layers, element("details", element("summary", "Totals"), sums))


def _depth(value: Report) -> int | None:
    """The deepest level at which the table is not too long; None for all layers."""
    if len(value.all_layers) <= MOST_ROWS:
        return None
    deepest = max(len(layer.path) for layer in value.all_layers)
    fitting = (depth for depth in range(deepest, 0, -1) if len(fold(value.all_layers, depth)) <= MOST_ROWS)
    return next(fitting, 1)
