"""Findings below the name of their file, and their number at the end."""

from __future__ import annotations

import textwrap
from itertools import groupby

from cnncalc.linting.finding import Finding
from cnncalc.linting.run import Result
from cnncalc.render.linting._words import STYLES, counts
from cnncalc.render.text import styled, visible

_LEAST = 30
"""Sentences are not squeezed below this width."""


def render(result: Result, *, limit: int | None = None, color: bool = False) -> str:
    if not result.findings:
        return ""
    parts = []
    for file, findings in groupby(result.findings, key=lambda finding: finding.file):
        lines = [styled(visible(file), "bold", color=color), *_lines(list(findings), limit, color=color)]
        parts.append("\n".join(lines))
    return "\n\n".join([*parts, styled(counts(result), "bold", color=color)])


def _lines(findings: list[Finding], limit: int | None, *, color: bool) -> list[str]:
    """The findings of one file, in columns: place, severity, code, sentence."""
    places = [visible(finding.place) for finding in findings]
    widest = max(map(len, places))
    level = max(len(finding.severity) for finding in findings)
    indent = " " * (2 + widest + 2 + level + 2 + 4 + 2)
    room = None if limit is None else max(limit - len(indent), _LEAST)
    lines = []
    for finding, place in zip(findings, places, strict=True):
        label = styled(finding.severity.ljust(level), STYLES[finding.severity], color=color)
        first, *more = _wrapped(finding.sentence, room)
        lines.append(f"  {place.rjust(widest)}  {label}  {styled(finding.code, 'cyan', color=color)}  {first}")
        lines += [indent + part for part in more]
        lines += [indent + styled(part, "dim", color=color) for part in _wrapped(finding.hint, room) if part]
    return lines


def _wrapped(text: str, room: int | None) -> list[str]:
    text = visible(text.replace("\n", " "))
    return [text] if room is None else textwrap.wrap(text, room) or [""]
