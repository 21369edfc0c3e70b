"""A column with a bar for each layer: its fraction of all parameters, MACs or activation memory."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.analysis.report import AnyLayer, Report
from cnncalc.number_text import percent
from cnncalc.render.summary.columns import Column

CELLS = 12
"""The length of the bar of a layer that has everything."""
_EIGHTHS = " ▏▎▍▌▋▊▉"

FIGURES: Mapping[str, tuple[str, str]] = {
    "params": ("Share of params", "params"),
    "macs": ("Share of MACs", "macs"),
    "memory": ("Share of memory", "activation_elements"),
}
"""The metrics that bars can show: the title of the column, and the field of a layer and of the totals."""


def bar_column(figure: str) -> Column:
    """The column of a metric in `FIGURES`. Shared weights count where they are owned, as in the totals."""
    title, field = FIGURES[figure]

    def share(layer: AnyLayer, report: Report) -> float | None:
        whole, own = getattr(report.totals, field), getattr(layer, field)
        return None if own is None else own / whole if whole else 0.0

    return Column("bars", title, share, show=bar)


def bar(share: float) -> str:
    """A bar and the percentage; empty for nothing.

    >>> bar(0.25), bar(1.0), bar(0.0)
    ('███          25.0%', '████████████ 100.0%', '')
    """
    eighths = round(share * CELLS * 8)
    text = "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()
    return f"{text:<{CELLS}} {percent(share, 1)}" if share else ""
