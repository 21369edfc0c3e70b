"""Findings as Checkstyle's XML, which Jenkins, reviewdog and many others read.

Source: Checkstyle, `XMLLogger`.
"""

from __future__ import annotations

from itertools import groupby
from xml.etree.ElementTree import Element

from cnncalc.linting.finding import Finding
from cnncalc.linting.run import Result
from cnncalc.render.linting._paths import relative
from cnncalc.render.linting._xml import document, element


def render(result: Result, *, limit: int | None = None, color: bool = False) -> str:
    files = groupby(result.findings, key=lambda finding: finding.file)
    children = [element("file", list(map(_error, findings)), name=relative(file)) for file, findings in files]
    return document(element("checkstyle", children, version="4.3"))


def _error(finding: Finding) -> Element:
    message = f"{finding.file_sentence}: {finding.hint}" if finding.hint else finding.file_sentence
    line, column = (finding.line, finding.column) if finding.cell is None else (1, 1)
    return element(
        "error", line=line, column=column, severity=finding.severity, message=message,
        source=f"cnncalc.{finding.code}.{finding.name}",
    )  # fmt: skip
