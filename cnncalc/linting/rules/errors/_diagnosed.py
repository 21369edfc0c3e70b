"""What the error rules share: their findings are the mistakes that reading, building and analyzing report."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.diagnostics import Diagnostic, Source, Span
from cnncalc.linting.finding import Finding
from cnncalc.linting.linted_spec import LintedSpec
from cnncalc.linting.rule import Rule


class Diagnosed(Rule):
    """A rule whose findings are the diagnostics that bear its code."""

    severity = "error"
    message = "{message}"
    always = True

    def check(self, spec: LintedSpec) -> Iterator[Finding]:
        for diagnostic in spec.diagnostics:
            if diagnostic.code == self.code:
                yield self.told(diagnostic, spec.source)

    def told(self, diagnostic: Diagnostic, source: Source) -> Finding:
        """The finding of a diagnostic; one without a place stands at the beginning of its source."""
        span = diagnostic.span or Span(source, 0, 0)
        return self.finding(span, hint=diagnostic.hint, severity=diagnostic.severity, message=diagnostic.message)
