"""The memory of training as a table for people: title, layers, totals, notes."""

from __future__ import annotations

from cnncalc.analysis.cost.training_cost import Cost
from cnncalc.render.cost.rows import COLUMNS, cells, facts, folded, kept_names, notes, totals
from cnncalc.render.text import styled, visible, wrap
from cnncalc.render.text_table import TableColumn, TableRow, TextTable, draw

_NARROWEST_NAME = 18


def render(cost: Cost, depth: int | None = None, *, limit: int | None = None, color: bool = False) -> str:
    """The table in at most `limit` terminal cells (None: any width)."""
    title = [styled(visible(cost.name), "bold", color=color)] if cost.name else []
    title += [styled(line, "dim", color=color) for line in wrap(visible(" · ".join(facts(cost))), limit)]
    parts = [title, draw(_table(cost, depth), limit, color=color), draw(_totals(cost), limit, color=color)]
    parts += [wrap(note, limit) for note in notes(cost)]
    return "\n\n".join("\n".join(lines) for lines in parts)


def _table(cost: Cost, depth: int | None) -> TextTable:
    columns = [
        TableColumn("Layer", style="bold", at="names", narrow="wrap", least=_NARROWEST_NAME),
        TableColumn("Type", style="cyan", at="names"),
        *(TableColumn(column.title, "right", "green" if column.field == "kept_bytes" else "") for column in COLUMNS),
        TableColumn("Kept for backward", narrow="wrap", least=_NARROWEST_NAME),
    ]
    rows = [
        TableRow([layer.name, layer.type, *cells(layer), kept_names(layer)]) for layer in folded(cost.layers, depth)
    ]
    return TextTable(columns, rows, totals=["Total", "", *cells(cost.totals), ""], ruled=True)


def _totals(cost: Cost) -> TextTable:
    columns = [TableColumn(), TableColumn(align="right"), TableColumn(narrow="below")]
    rows = [
        TableRow([[(name, style)], [(figure, style)], [(remark, "dim")]])
        for name, figure, remark in totals(cost)
        for style in ("" if name.startswith(" ") else "bold",)
    ]
    return TextTable(columns, rows)
