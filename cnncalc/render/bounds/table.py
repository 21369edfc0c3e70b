"""Bounds as a table for people: title, layers, totals, notes."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.analysis.roofline.bounds import TimeBounds
from cnncalc.render.bounds.rows import cells, facts, titles, total_cells, totals
from cnncalc.render.text import styled, visible, wrap
from cnncalc.render.text_table import TableColumn, TableRow, TextTable, draw

_NARROWEST_NAME = 18
_HIDDEN: Mapping[str, int] = {"Backward MACs": 1, "FLOPs": 1, "MACs": 1, "Read": 2, "Written": 2}
"""The rank of the columns that a narrow terminal hides."""
NOTE = (
    "The bounds are for the direct algorithms at the peak rates: Winograd's and Fourier transforms multiply less. "
    "Programs take longer, because none reaches the peak rates."
)


def render(found: TimeBounds, *, limit: int | None = None, color: bool = False) -> str:
    """The table in at most `limit` terminal cells (None: any width)."""
    title = [styled(visible(found.name), "bold", color=color)] if found.name else []
    title += [styled(line, "dim", color=color) for line in wrap(visible(" · ".join(facts(found))), limit)]
    columns = [
        TableColumn("Layer", style="bold", at="names", narrow="wrap", least=_NARROWEST_NAME),
        TableColumn("Type", style="cyan", at="names"),
        *(TableColumn(name, "right", rank=_HIDDEN.get(name, 0)) for name in titles(found)[2:]),
    ]
    rows = [TableRow(cells(found, layer)) for layer in found.layers]
    table = TextTable(columns, rows, totals=total_cells(found), ruled=True)
    sums = [
        TableRow([[(name, "bold")], [(figure, "bold")], [(remark, "dim")]]) for name, figure, remark in totals(found)
    ]
    below = TextTable([TableColumn(), TableColumn(align="right"), TableColumn(narrow="below")], sums)
    parts = [title, draw(table, limit, color=color), draw(below, limit, color=color)]
    parts += [wrap(NOTE, limit)] if found.device else []
    return "\n\n".join("\n".join(lines) for lines in parts)
