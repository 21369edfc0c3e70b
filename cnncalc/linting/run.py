"""A complete run over the specs of the given paths."""

import os
from collections.abc import Iterable
from typing import NamedTuple

from cnncalc.linting.discovery import Target, targets
from cnncalc.linting.finding import SEVERITIES, Finding
from cnncalc.linting.settings import Settings
from cnncalc.linting.workers import check_all

DEFAULT_SEVERITY = "warning"
UNREADABLE = ("E106", "E111")
"""The codes of findings about unreadable files."""


class Result(NamedTuple):
    """The findings of a run, in the order of the files and of their text."""

    files: tuple[str, ...]
    findings: tuple[Finding, ...]
    severity: str = DEFAULT_SEVERITY
    """The minimum severity that fails the run."""
    max_warnings: int = 0
    """The number of findings, other than errors, that a run may have without failing."""
    baseline: str | None = None
    """The baseline of the configuration, relative to the current folder; the command applies it."""

    def count(self, severity: str) -> int:
        """The number of findings of a severity."""
        return sum(finding.severity == severity for finding in self.findings)

    @property
    def is_unreadable(self) -> bool:
        """Whether a file could not be read."""
        return any(finding.code in UNREADABLE for finding in self.findings)

    @property
    def fails(self) -> bool:
        """Whether there are errors, or more than the allowed number of other findings that count."""
        counting = sum(map(self.counts, self.findings))
        return self.count("error") > 0 or counting > self.max_warnings

    def counts(self, finding: Finding) -> bool:
        """Whether a finding is of at least the severity that fails the run."""
        return SEVERITIES.index(finding.severity) >= SEVERITIES.index(self.severity)


def run(
    paths: Iterable[str], settings: Settings | None = None, *, stdin: Target | None = None,
    only_specs: bool = False, jobs: int | None = None, cache: str | None = None,
) -> Result:  # fmt: skip
    """Check every spec of the given paths; `-` is `stdin`.

    With `only_specs`, named files that do not look like specs, or are excluded, are skipped. `jobs` is the number of
    processes (by default, all processors for many files), and `cache` the folder of the cache for unchanged files, or
    None. Raises SpecError for an invalid configuration. Errors in files are findings.
    """
    settings = settings or Settings()
    severity, max_warnings = settings.tolerance
    home = settings.configuration_for(os.getcwd())
    found = list(targets(paths, home.exclude, only_specs=only_specs, stdin=stdin))
    plans = [settings.plan_for(target.path) for target in found]
    checked = check_all(list(zip(found, plans, strict=True)), processes=jobs, cache_folder=cache)
    findings = [finding for own in checked for finding in own]
    return Result(
        tuple(target.path for target in found),
        tuple(findings),
        severity or home.severity or DEFAULT_SEVERITY,
        max_warnings if max_warnings is not None else home.max_warnings or 0,
        os.path.relpath(home.baseline) if home.baseline else None,
    )
