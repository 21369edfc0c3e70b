"""Findings as SARIF 2.1.0, which GitHub's code scanning, Azure and many editors read.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from cnncalc.linting.finding import Edit, Finding, Fix
from cnncalc.linting.rule import FAMILIES, REGISTRY, Rule
from cnncalc.linting.run import Result
from cnncalc.render.json_text import json_text
from cnncalc.render.linting._fingerprint import fingerprints
from cnncalc.render.linting._paths import relative
from cnncalc.version import __version__

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Mapping[str, str] = {"error": "error", "warning": "warning", "info": "note"}


def render(result: Result, *, limit: int | None = None, color: bool = False) -> str:
    codes = sorted({finding.code for finding in result.findings})
    run = {
        "tool": {
            "driver": {
                "name": "cnncalc",
                "version": __version__,
                "rules": [_rule(REGISTRY[code]) for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not result.is_unreadable}],
        "results": [_result(finding, codes, digits) for finding, digits in fingerprints(result.findings)],
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ascii_only=True)


def _rule(rule: type[Rule]) -> dict[str, Any]:
    sources = "\n".join(f"- {source}" for source in rule.sources)
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.title()},
        "fullDescription": {"text": rule.explanation() or rule.title()},
        "help": {
            "text": f"{rule.reason}\n\n{sources}",
            "markdown": f"{rule.reason}\n\nInstead of\n\n```yaml\n{rule.bad.rstrip()}\n```\n\nwrite\n\n"
            f"```yaml\n{rule.good.rstrip()}\n```\n\n{sources}",
        },
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [FAMILIES[rule.code[0]]]},
    }


def _result(finding: Finding, codes: list[str], fingerprint: str) -> dict[str, Any]:
    message = f"{finding.file_sentence}\n{finding.hint}" if finding.hint else finding.file_sentence
    found: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": _LEVELS[finding.severity],
        "message": {"text": message},
        "locations": [_location(finding)],
        "partialFingerprints": {"finding/v1": fingerprint},
    }
    if finding.fix and finding.cell is None:
        found["fixes"] = [_fix(finding, finding.fix)]
    return found


def _location(finding: Finding) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _artifact(finding)}
    if finding.line and finding.cell is None:  # a file without lines, and a notebook's JSON, have no regions
        place["region"] = _region(finding, finding.span.start, finding.span.end)
    location: dict[str, Any] = {"physicalLocation": place}
    layers = [name for name in (finding.layer, *finding.others) if name]
    if layers:
        location["logicalLocations"] = [{"name": name, "kind": "element"} for name in layers]
    return location


def _artifact(finding: Finding) -> dict[str, str]:
    """A file below the current folder relative to it, which is the repository's in CI; any other by its whole URI."""
    path = relative(finding.file)
    if os.path.isabs(path):
        return {"uri": PurePath(path).as_uri()}
    return {"uri": quote(path.encode("utf-8", "surrogateescape")), "uriBaseId": "%SRCROOT%"}


def _region(finding: Finding, start: int, end: int) -> dict[str, int]:
    position = finding.span.source.position
    (line, column), (end_line, end_column) = position(start), position(end)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _fix(finding: Finding, fix: Fix) -> dict[str, Any]:
    changes = [_replacement(finding, edit) for edit in fix.edits]
    return {
        "description": {"text": fix.title},
        "artifactChanges": [{"artifactLocation": _artifact(finding), "replacements": changes}],
    }


def _replacement(finding: Finding, edit: Edit) -> dict[str, Any]:
    return {
        "deletedRegion": _region(finding, edit.start, edit.end),
        "insertedContent": {"text": edit.text},
    }
