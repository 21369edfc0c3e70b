"""A difference in its stable machine-readable form, a line for each figure and each layer."""

from __future__ import annotations

from cnncalc.analysis.difference.limits import Excess
from cnncalc.analysis.difference.model import Difference
from cnncalc.render.json_text import json_lines


def render(difference: Difference, labels: tuple[str, str], broken: tuple[Excess, ...] = ()) -> str:
    """`Difference.to_dict()` with what was compared, and the limits that are exceeded."""
    found = difference.to_dict()
    found["compared"] = list(labels)
    found["exceeded"] = [
        {"figure": limit.figure, "allowed": limit.text or None, **change.to_dict()} for limit, change in broken
    ]
    return json_lines(found)
