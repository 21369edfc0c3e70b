"""Findings below the name of their file, and their number at the end."""

from __future__ import annotations

from itertools import groupby

from cnncalc.linting.finding import Finding
from cnncalc.linting.run import Result
from cnncalc.render.linting._words import LEAST_SENTENCE, STYLES, counts
from cnncalc.render.text import styled, visible
from cnncalc.render.text_table import TableColumn, TableRow, TextTable, draw

_COLUMNS = (
    TableColumn(align="right"),
    TableColumn(),
    TableColumn(style="cyan"),
    TableColumn(narrow="wrap", least=LEAST_SENTENCE),
)


def render(result: Result, *, limit: int | None = None, color: bool = False) -> str:
    if not result.findings:
        return ""
    parts = []
    for file, findings in groupby(result.findings, key=lambda finding: finding.file):
        lines = [styled(visible(file), "bold", color=color), *draw(_table(list(findings)), limit, color=color)]
        parts.append("\n".join(lines))
    return "\n\n".join([*parts, styled(counts(result), "bold", color=color)])


def _table(findings: list[Finding]) -> TextTable:
    """The findings of one file: place, severity, code, and the sentence above what to do."""
    rows = [
        TableRow([
            finding.place,
            [(finding.severity, STYLES[finding.severity])],
            finding.code,
            [(_one_line(finding.sentence), ""), *([(_one_line(finding.hint), "dim")] if finding.hint else [])],
        ])
        for finding in findings
    ]  # fmt: skip
    return TextTable(_COLUMNS, rows, indent=2)


def _one_line(text: str) -> str:
    return text.replace("\n", " ")
