"""The peaks of memory at inference as JSON."""

from __future__ import annotations

from cnncalc.analysis.device.memory_plan import InferencePeaks
from cnncalc.render.json_text import json_text


def render(peaks: InferencePeaks) -> str:
    """The stable form, on lines, with the best order."""
    return json_text(peaks.to_dict())
