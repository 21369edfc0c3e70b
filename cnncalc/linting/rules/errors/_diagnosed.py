"""The base class of the error rules: their findings are the diagnostics of reading, building and analyzing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cnncalc.analysis.check_claims import broken_claims
from cnncalc.diagnostics import Diagnostic, Source, Span
from cnncalc.linting.finding import Finding
from cnncalc.linting.linted_spec import LintedSpec
from cnncalc.linting.rule import Rule

_INPUT = re.compile(
    r"give (?P<it>it|them)(?: with|, for example) (?P<shapes>--input \S+?(?: --input \S+?)*)"
    r"(?:, or (?P<other>in a comment: .*))?"
)


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
        hint = _of_lint(diagnostic.hint)
        return self.finding(span, hint=hint, severity=diagnostic.severity, message=diagnostic.message)


def _of_lint(hint: str) -> str:
    """A hint without `--input`, which `lint` does not have: a comment or the configuration states the shapes."""
    found = _INPUT.fullmatch(hint)
    if found is None:
        return hint
    shapes = found["shapes"].removeprefix("--input ").split(" --input ")
    named = ", ".join(f'{name} = "{shape}"' for name, _, shape in (each.partition("=") for each in shapes) if shape)
    value = f"{{{named}}}" if named else f'"{shapes[0]}"'
    in_configuration = f'under `inputs` in the configuration, "PATTERN" = {value}'
    comment = f"{found['other']}, or " if found["other"] else ""
    return f"give {found['it']} {comment}{in_configuration}"
