"""The memory of training as JSON."""

from __future__ import annotations

from cnncalc.analysis.cost.training_cost import Cost
from cnncalc.render.json_text import json_lines


def render(cost: Cost) -> str:
    """`Cost.to_dict()`, with a line for each key and each layer."""
    return json_lines(cost.to_dict())
