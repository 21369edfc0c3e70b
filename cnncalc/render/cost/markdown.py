"""The memory of training as Markdown tables."""

from __future__ import annotations

from cnncalc.analysis.cost.training_cost import Cost
from cnncalc.render.cost.rows import COLUMNS, cells, facts, folded, kept_names, notes, totals
from cnncalc.render.markdown_text import escape, table


def render(cost: Cost, depth: int | None = None) -> str:
    """The layers with a line of sums, then the totals by name."""
    titles = ["Layer", "Type", *(column.title for column in COLUMNS), "Kept for backward"]
    rows = [[layer.name, layer.type, *cells(layer), kept_names(layer)] for layer in folded(cost.layers, depth)]
    sums = ["**Total**", "", *(f"**{cell}**" if cell else "" for cell in cells(cost.totals)), ""]
    figures = [[name.strip(), *rest] for name, *rest in totals(cost)]
    heading = [f"### {escape(cost.name)}", ""] if cost.name else []
    layers = table(titles, [*rows, sums], "llrrrrl")
    lines = [*heading, " · ".join(facts(cost)), "", *layers, "", *table(["Total", "", ""], figures, "lrl")]
    return "\n".join([*lines, *(line for note in notes(cost) for line in ("", note))])
