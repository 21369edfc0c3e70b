"""The plan for a microcontroller as Markdown."""

from __future__ import annotations

from cnncalc.analysis.device.memory_plan import DevicePlan
from cnncalc.number_text import thousands
from cnncalc.render.arena.table import flash_text, operations_text
from cnncalc.render.markdown_text import escape, table


def render(plan: DevicePlan) -> str:
    """The two sizes, and a row for each tensor."""
    rows = [
        (tensor.name, thousands(tensor.bytes), thousands(tensor.offset), operations_text(tensor))
        for tensor in plan.arena.tensors
    ]
    lines = [
        f"**{escape(plan.name or 'the model')}**: int8 on a microcontroller, one sample",
        "",
        f"- arena (RAM): {thousands(plan.arena.bytes)} bytes",
        f"- flash: {thousands(plan.flash.total)} bytes, {flash_text(plan)}",
        "",
        *table(("tensor", "bytes", "offset", "operations"), rows, "lrrr"),
    ]
    return "\n".join(lines)
