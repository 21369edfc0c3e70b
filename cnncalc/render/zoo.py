"""The bundled specs as a list."""

from __future__ import annotations

import json
from textwrap import shorten
from typing import TYPE_CHECKING

from cnncalc.layers.base import show_shape
from cnncalc.render.numbers import short
from cnncalc.render.text import styled

if TYPE_CHECKING:
    from cnncalc.analysis.report import Report

_HEAD = ("name", "input", "parameters", "MACs", "source")


def as_json(reports: list[Report]) -> str:
    """A list of objects with exact figures."""
    models = [
        {
            "name": report.name,
            "description": report.description,
            "source": report.source,
            "convention": report.convention,
            "inputs": [{"name": tensor.name, "shape": list(tensor.shape)} for tensor in report.inputs],
            "layers": len(report.layers),
            **report.totals._asdict(),
        }
        for report in reports
    ]
    return json.dumps({"format": 1, "models": models}, indent=2, ensure_ascii=False)


def as_markdown(reports: list[Report]) -> str:
    """A table with exact figures."""
    rows = [_HEAD, ("---", "---", "---:", "---:", "---"), *(_cells(report) for report in reports)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def as_text(reports: list[Report], *, limit: int | None = None, color: bool = False) -> str:
    """A line per spec; the source is shortened to the terminal's width, and whole in a pipe."""
    rows = [_HEAD, *(_cells(report) for report in reports)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = []
    for row in rows:
        names = "  ".join(cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True))
        counts = "  ".join(cell.rjust(width) for cell, width in zip(row[2:4], widths[2:], strict=True))
        start = f"{names}  {counts}  "
        room = max(20, limit - len(start)) if limit else None
        lines.append(start + (shorten(row[4], room, placeholder=" …") if room else row[4]))
    return "\n".join([styled(lines[0], "bold", color=color), *lines[1:]])


def _cells(report: Report) -> tuple[str, ...]:
    shapes = ", ".join(show_shape(tensor.shape) for tensor in report.inputs)
    return report.name, shapes, f"{report.totals.params:,}", short(report.totals.macs), report.source
