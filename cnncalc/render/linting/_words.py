"""Counts in words and styles of severities, for the output formats that people read."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.linting.finding import SEVERITIES
from cnncalc.linting.run import Result
from cnncalc.number_text import thousands

STYLES: Mapping[str, str] = {"error": "bold red", "warning": "bold yellow", "info": "bold blue"}
_MANY: Mapping[str, str] = {"error": "errors", "warning": "warnings", "info": "hints"}
_ONE: Mapping[str, str] = {"error": "error", "warning": "warning", "info": "hint"}

LEAST_SENTENCE = 30
"""Terminal cells below which a sentence moves below its row."""


def counts(result: Result) -> str:
    """`2 errors and 1 warning in 1 of 37 files; --fix corrects 1`."""
    numbers = {severity: result.count(severity) for severity in reversed(SEVERITIES)}
    parts = [
        f"{thousands(number)} {(_ONE if number == 1 else _MANY)[severity]}"
        for severity, number in numbers.items()
        if number
    ]
    files = len({finding.file for finding in result.findings})
    where = "" if len(result.files) == 1 else f" in {thousands(files)} of {thousands(len(result.files))} files"
    fixable = sum(finding.fix is not None for finding in result.findings)
    where += f"; --fix corrects {thousands(fixable)}" if fixable else ""
    return f"{', '.join(parts[:-1])} and {parts[-1]}{where}" if len(parts) > 1 else f"{parts[0]}{where}"
