"""The peaks of memory at inference as Markdown."""

from __future__ import annotations

from cnncalc.analysis.device.memory_plan import InferencePeaks
from cnncalc.number_text import byte_size, thousands
from cnncalc.render.inference.rows import facts, rows
from cnncalc.render.markdown_text import escape, table


def render(peaks: InferencePeaks) -> str:
    """The three peaks with what they assume."""
    cells = [(name, thousands(size), byte_size(size), remark) for name, size, remark in rows(peaks)]
    return "\n".join([escape(facts(peaks)), "", *table(("peak", "bytes", "", "assumption"), cells, "lrrl")])
