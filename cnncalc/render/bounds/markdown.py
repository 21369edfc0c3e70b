"""Bounds as Markdown tables."""

from __future__ import annotations

from cnncalc.analysis.roofline.bounds import TimeBounds
from cnncalc.render.bounds.rows import cells, facts, titles, total_cells, totals
from cnncalc.render.markdown_text import escape, table


def render(found: TimeBounds) -> str:
    """The layers with a line of sums, then the totals by name."""
    heading = [f"## {escape(found.name)}", ""] if found.name else []
    names = titles(found)
    rows = [*(cells(found, layer) for layer in found.layers), total_cells(found)]
    sums = table(["Total", "Value", "Definition"], totals(found), "lrl")
    lines = [*heading, escape(" · ".join(facts(found))), "", *table(names, rows, "ll" + "r" * (len(names) - 2))]
    return "\n".join([*lines, "", *sums])
