"""A report as its stable machine-readable form."""

from __future__ import annotations

from cnncalc.analysis.report import Report
from cnncalc.render.json_text import json_lines


def render(report: Report) -> str:
    """`Report.to_dict()` as JSON, with a line for each key and each layer."""
    return json_lines(report.to_dict()) + "\n"
