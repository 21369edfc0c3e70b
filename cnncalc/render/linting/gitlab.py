"""Findings as a GitLab Code Quality report.

Source: GitLab, "Code Quality", the report's format.
"""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.linting.finding import Finding
from cnncalc.linting.run import Result
from cnncalc.render.json_text import json_text
from cnncalc.render.linting._fingerprint import fingerprints
from cnncalc.render.linting._paths import relative

_SEVERITIES: Mapping[str, str] = {"error": "major", "warning": "minor", "info": "info"}


def render(result: Result, *, limit: int | None = None, color: bool = False) -> str:
    return json_text([_issue(finding, digits) for finding, digits in fingerprints(result.findings)], ascii_only=True)


def _issue(finding: Finding, fingerprint: str) -> dict[str, object]:
    end_line, end_column = finding.end if finding.cell is None else (1, 1)
    begin = {"line": max(1, finding.line), "column": max(1, finding.column)}  # there is no place without a line
    if finding.cell is not None:
        begin = {"line": 1, "column": 1}
    return {
        "description": f"{finding.file_sentence}: {finding.hint}" if finding.hint else finding.file_sentence,
        "check_name": finding.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": relative(finding.file),
            "positions": {"begin": begin, "end": {"line": max(1, end_line), "column": max(1, end_column)}},
        },
    }
