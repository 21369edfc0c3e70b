"""A report's layers as CSV, with raw numbers: one row a layer, the header names the columns by their keys."""

from __future__ import annotations

import csv
from io import StringIO

from cnncalc.analysis.report import Report
from cnncalc.render.columns import Column
from cnncalc.render.fold import fold


def render(report: Report, columns: list[Column], depth: int | None = None) -> str:
    """RFC 4180, except that lines end in a newline alone. No totals: a reader of CSV sums for itself."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.key for column in columns)
    for layer in fold(report.layers, depth):
        writer.writerow(column.value(layer, report) for column in columns)
    return text.getvalue()
