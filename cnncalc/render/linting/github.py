"""Findings as commands of GitHub Actions, which shows them beside the lines of a pull request.

Source: GitHub, "Workflow commands for GitHub Actions", setting a notice, warning or error message; what is escaped is
what `actions/toolkit`'s `core` escapes.
"""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.linting.finding import Finding
from cnncalc.linting.run import Result
from cnncalc.render.linting._paths import relative

_COMMANDS: Mapping[str, str] = {"error": "error", "warning": "warning", "info": "notice"}


def render(result: Result, *, limit: int | None = None, color: bool = False) -> str:
    return "\n".join(map(_command, result.findings))


def _command(finding: Finding) -> str:
    end_line, end_column = finding.end
    places = {
        "file": relative(finding.file),
        "line": finding.line,
        "col": finding.column,
        "endLine": end_line,
        "endColumn": end_column,
        "title": f"cnncalc {finding.code} ({finding.name})",
    }
    if not finding.line or finding.cell is not None:  # a file without lines, and a notebook's JSON
        places = {name: places[name] for name in ("file", "title")}
    elif end_line != finding.line:
        del places["endColumn"]  # GitHub refuses columns of several lines
        del places["col"]
    parameters = ",".join(f"{name}={_property(str(value))}" for name, value in places.items())
    message = f"{finding.file_sentence}\n{finding.hint}" if finding.hint else finding.file_sentence
    return f"::{_COMMANDS[finding.severity]} {parameters}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
