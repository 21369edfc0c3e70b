"""The peaks of memory at inference as CSV."""

from __future__ import annotations

from cnncalc.analysis.device.memory_plan import InferencePeaks
from cnncalc.render.csv_text import csv_text


def render(peaks: InferencePeaks) -> str:
    """One row."""
    titles = ("name", "batch", "dtype", "listed", "in_place", "least", "exact")
    return csv_text(titles, [[*peaks[:6], str(peaks.exact).lower()]])
