"""The peaks of memory at inference on a terminal."""

from __future__ import annotations

from cnncalc.analysis.device.memory_plan import InferencePeaks
from cnncalc.number_text import byte_size, thousands
from cnncalc.render.inference.rows import facts, rows
from cnncalc.render.text import styled, wrap
from cnncalc.render.text_table import TableColumn, TableRow, TextTable, draw

_MOST_NAMES = 24
"""The number of layers that the best order lists."""


def render(peaks: InferencePeaks, *, limit: int | None = None, color: bool = False) -> str:
    """The three peaks, and the best order if it differs from the listed one."""
    columns = [TableColumn(), TableColumn(align="right"), TableColumn(align="right"), TableColumn(narrow="below")]
    table = TextTable(
        columns, [TableRow([name, thousands(size), byte_size(size), remark]) for name, size, remark in rows(peaks)]
    )
    title, *rest = wrap(facts(peaks), limit)
    parts = ["\n".join([styled(title, "bold", color=color), *rest]), "\n".join(draw(table, limit, color=color))]
    if peaks.order:
        names = ", ".join(peaks.order[:_MOST_NAMES])
        more = "" if len(peaks.order) <= _MOST_NAMES else " … (--format json lists all)"
        parts.append("\n".join(wrap(f"Best order: {names}{more}", limit)))
    return "\n\n".join(parts)
