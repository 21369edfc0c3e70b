"""The tensors in the arena as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.analysis.device.arena import PlacedTensor
from cnncalc.render.csv_text import csv_text

if TYPE_CHECKING:
    from cnncalc.analysis.device.memory_plan import DevicePlan


def render(plan: DevicePlan) -> str:
    """A row for each tensor; operations are counted from 0."""
    return csv_text(PlacedTensor._fields, [list(tensor) for tensor in plan.arena.tensors])
