"""Each finding with its line of the spec, carets under the place, the numbers, what to do, and why it matters."""

from __future__ import annotations

from cnncalc.diagnostics import Diagnostic
from cnncalc.linting.finding import Finding
from cnncalc.linting.rule import REGISTRY
from cnncalc.linting.run import Result
from cnncalc.render.diagnostics import show
from cnncalc.render.linting._words import LEAST_SENTENCE, counts
from cnncalc.render.text import styled, wrap


def render(result: Result, *, limit: int | None = None, color: bool = False) -> str:
    if not result.findings:
        return ""
    shown = [_finding(finding, limit, color=color) for finding in result.findings]
    return "\n\n".join([*shown, styled(counts(result), "bold", color=color)])


def _finding(finding: Finding, limit: int | None, *, color: bool) -> str:
    diagnostic = Diagnostic(finding.code, finding.sentence, finding.span, hint=finding.hint, severity=finding.severity)
    reason = f"{finding.name}: {REGISTRY[finding.code].reason}"
    first, *more = wrap(reason, None if limit is None else max(limit - 7, LEAST_SENTENCE))
    label = styled("why:", "bold cyan", color=color)
    return "\n".join([show(diagnostic, color=color), f"  {label} {first}", *(f"       {part}" for part in more)])
