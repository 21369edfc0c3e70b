"""Findings as JSON, one a line: what can be read while it is written."""

from __future__ import annotations

from cnncalc.linting.run import Result
from cnncalc.render.json_text import json_line


def render(result: Result, *, limit: int | None = None, color: bool = False) -> str:
    return "\n".join(json_line(finding.to_dict()) for finding in result.findings)
