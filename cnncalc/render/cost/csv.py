"""The memory of training as CSV: a row for each layer, in bytes."""

from __future__ import annotations

from cnncalc.analysis.cost.training_cost import Cost
from cnncalc.render.cost.rows import COLUMNS, folded, kept_names
from cnncalc.render.csv_text import csv_text


def render(cost: Cost, depth: int | None = None) -> str:
    """A row for each layer or folded block, without totals."""
    header = ("layer", "type", *(column.field for column in COLUMNS), "kept")
    rows = (
        (layer.name, layer.type, *(getattr(layer, column.field) for column in COLUMNS), kept_names(layer))
        for layer in folded(cost.layers, depth)
    )
    return csv_text(header, rows).rstrip("\n")
