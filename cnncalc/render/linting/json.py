"""Findings as one JSON object: a stable form, with a version in it."""

from __future__ import annotations

from cnncalc.linting.finding import SEVERITIES
from cnncalc.linting.run import Result
from cnncalc.render.json_text import json_text

FORMAT = 1


def render(result: Result, *, limit: int | None = None, color: bool = False) -> str:
    return json_text(
        {
            "format": FORMAT,
            "files": len(result.files),
            "counts": {severity: result.count(severity) for severity in reversed(SEVERITIES)},
            "findings": [finding.to_dict() for finding in result.findings],
        },
    )
