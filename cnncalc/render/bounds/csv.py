"""Bounds as CSV: a row for each layer."""

from __future__ import annotations

from cnncalc.analysis.roofline.bounds import TimeBounds
from cnncalc.render.csv_text import csv_text


def render(found: TimeBounds) -> str:
    """A row for each layer, without totals; what is unknown is empty."""
    layers = found.to_dict()["layers"]
    header = list(layers[0]) if layers else []
    return csv_text(header, (["" if value is None else value for value in each.values()] for each in layers))
