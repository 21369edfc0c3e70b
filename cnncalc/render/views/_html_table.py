"""A table as HTML for notebooks, which bring their own style."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cnncalc.render.html_text import Html, element


def html_table(titles: Sequence[str], rows: Iterable[Sequence[str]], align: str, footer: Sequence[str] = ()) -> Html:
    """Rows under their titles; `align` has `l` or `r` for each column."""
    sides = ["text-align:right" if side == "r" else "text-align:left" for side in align]

    def row(cells: Sequence[str], tag: str) -> Html:
        return element("tr", *(element(tag, cell, style=side) for cell, side in zip(cells, sides, strict=True)))

    parts = [element("thead", row(titles, "th")), element("tbody", *(row(cells, "td") for cells in rows))]
    return element("table", *parts, *([element("tfoot", row(footer, "th"))] if footer else []))
