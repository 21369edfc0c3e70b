"""Bounds as JSON."""

from __future__ import annotations

from cnncalc.analysis.roofline.bounds import TimeBounds
from cnncalc.render.json_text import json_lines


def render(found: TimeBounds) -> str:
    """`TimeBounds.to_dict()`, with a line for each key and each layer."""
    return json_lines(found.to_dict())
