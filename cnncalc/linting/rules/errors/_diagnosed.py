"""The base class of the error rules: their findings are the diagnostics of reading, building and analyzing."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.check_claims import broken_claims
from cnncalc.diagnostics import Diagnostic, Source, Span
from cnncalc.linting.finding import Finding
from cnncalc.linting.linted_spec import LintedSpec
from cnncalc.linting.rule import Rule


class Diagnosed(Rule):
    """A rule whose findings are the diagnostics with its code."""

    severity = "error"
    message = "{message}"
    always = True

    def check(self, spec: LintedSpec) -> Iterator[Finding]:
        for diagnostic in spec.diagnostics:
            if diagnostic.code == self.code:
                yield self.reported(diagnostic, spec.source)

    def configured(self, spec: LintedSpec, kind: str) -> Iterator[Finding]:
        """The findings about what the configuration requires of a spec."""
        claims = list(spec.configured_claims(kind))
        if spec.network and claims:
            for diagnostic in broken_claims(spec.network.graph._replace(claims=claims), spec.network.report):
                yield self.reported(diagnostic, spec.source)

    def reported(self, diagnostic: Diagnostic, source: Source) -> Finding:
        """A diagnostic as a finding; without a position, it is reported at the start of its source."""
        span = diagnostic.span or Span(source, 0, 0)
        return self.finding(span, hint=diagnostic.hint, severity=diagnostic.severity, message=diagnostic.message)
