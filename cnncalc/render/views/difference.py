"""Views of a difference."""

from __future__ import annotations

from cnncalc.analysis.difference.model import Difference
from cnncalc.render.difference import markdown as difference_markdown
from cnncalc.render.difference import text as difference_text
from cnncalc.render.difference import words
from cnncalc.render.difference.folds import rows
from cnncalc.render.html_text import element
from cnncalc.render.views._html_table import html_table


def brief(value: Difference) -> str:
    changed = words.NO_DIFFERENCES if value.is_empty else words.headline(value)
    return f"<Difference {' → '.join(_labels(value))}: {changed.removesuffix('.')}>"


def text(value: Difference) -> str:
    return difference_text.render(value, _labels(value))


def markdown(value: Difference) -> str:
    return difference_markdown.render(value, _labels(value))


def html(value: Difference) -> str:
    title = element("p", element("b", " → ".join(_labels(value))), ": ")
    if value.is_empty:
        return element("div", title, element("p", words.NO_DIFFERENCES))
    totals = [
        [
            words.TITLES[total.figure],
            *(words.figure_text(total.figure, side) for side in (total.old, total.new)),
            words.growth_text(total),
            words.percent_text(total),
        ]
        for total in words.shown_totals(value)
    ]
    layers = [[row.sign, row.name, row.what, "; ".join(row.remarks), " · ".join(row.figures)] for row in rows(value)]
    return element(
        "div",
        title,
        element("p", words.headline(value)),
        html_table(["", "old", "new", "change", "%"], totals, "lrrrr"),
        html_table(["", "layer", "what", "change", "figures"], layers, "lllll") if layers else "",
    )


def _labels(value: Difference) -> tuple[str, str]:
    return value.old.name or "old", value.new.name or "new"
