"""The plan for a microcontroller as JSON."""

from __future__ import annotations

from cnncalc.analysis.device.memory_plan import DevicePlan
from cnncalc.render.json_text import json_text


def render(plan: DevicePlan) -> str:
    """The stable form, on lines."""
    return json_text(plan.to_dict())
