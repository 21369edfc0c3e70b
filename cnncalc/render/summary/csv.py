"""A report's layers as CSV, with raw numbers: one row a layer, the header names the columns by their keys."""

from __future__ import annotations

from cnncalc.analysis.report import Report
from cnncalc.render.csv_text import csv_text
from cnncalc.render.summary.columns import Column
from cnncalc.render.summary.fold import fold


def render(report: Report, columns: list[Column], depth: int | None = None) -> str:
    """A row for each layer. No totals: a reader of CSV sums for itself."""
    rows = ([column.value(layer, report) for column in columns] for layer in fold(report.all_layers, depth))
    return csv_text((column.key for column in columns), rows)
