"""The tensors in the arena as CSV."""

from __future__ import annotations

from cnncalc.analysis.device.arena import PlacedTensor
from cnncalc.analysis.device.memory_plan import DevicePlan
from cnncalc.render.csv_text import csv_text


def render(plan: DevicePlan) -> str:
    """A row for each tensor; operations are counted from 0."""
    return csv_text(PlacedTensor._fields, [list(tensor) for tensor in plan.arena.tensors])
