"""Findings as JSON, one a line: what can be read while it is written."""

from __future__ import annotations

import json

from cnncalc.linting.run import Result


def render(result: Result, *, limit: int | None = None, color: bool = False) -> str:
    return "\n".join(json.dumps(finding.to_dict(), ensure_ascii=False) for finding in result.findings)
