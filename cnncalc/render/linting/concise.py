"""One line for each finding: what editors and `grep` read."""

from __future__ import annotations

from cnncalc.linting.run import Result
from cnncalc.render.linting._words import STYLES
from cnncalc.render.text import styled, visible


def render(result: Result, *, limit: int | None = None, color: bool = False) -> str:
    return "\n".join(
        f"{styled(f'{visible(finding.span.place)}:', 'bold', color=color)} "
        f"{styled(f'{finding.severity}[{finding.code}]', STYLES[finding.severity], color=color)} "
        f"{visible(finding.sentence.replace(chr(10), ' '))}"
        for finding in result.findings
    )
