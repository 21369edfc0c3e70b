"""The plan for a microcontroller as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.render.json_text import json_text

if TYPE_CHECKING:
    from cnncalc.analysis.device.memory_plan import DevicePlan


def render(plan: DevicePlan) -> str:
    """The stable form, on lines."""
    return json_text(plan.to_dict())
