"""The options of `cnncalc lint` as one value."""

import os
from typing import NamedTuple

import click

from cnncalc.diagnostics import SpecError
from cnncalc.linting.settings import Settings, Tolerance


class LintOptions(NamedTuple):
    """The arguments of a run, under the names of their options."""

    paths: tuple[str, ...]
    select: tuple[str, ...] | None
    ignore: tuple[str, ...] | None
    extend_select: tuple[str, ...] | None
    severity: str | None
    max_warnings: int | None
    form: str | None
    statistics: bool
    fix: bool
    diff: bool
    baseline: str | None
    write_baseline: bool
    watch: bool
    only_specs: bool
    stdin_filename: str | None
    configuration: str | None
    jobs: int | None
    no_cache: bool
    cache_dir: str
    variables: tuple[tuple[str, object], ...] = ()

    def settings(self) -> Settings:
        """The settings of one run."""
        tolerance = Tolerance(self.severity, self.max_warnings)
        settings = Settings(
            self.select, self.extend_select or (), self.ignore or (), self.configuration, tolerance=tolerance
        )
        settings.variables = self.variables
        return settings

    @property
    def reads_stdin(self) -> bool:
        return "-" in self.paths

    @property
    def format(self) -> str:
        """The output format: text, or in GitHub Actions github, if the user names none."""
        return self.form or ("github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text")

    def check(self) -> None:
        """Raise click.UsageError for options that contradict each other."""
        if self.watch and (self.fix or self.write_baseline or self.reads_stdin):
            raise click.UsageError("--watch cannot be combined with --fix, --write-baseline or standard input")
        if self.stdin_filename and not self.reads_stdin:
            raise click.UsageError("--stdin-filename applies to standard input: add `-` to the paths")
        if "" in self.paths:
            raise click.UsageError("a path is empty: give a file or folder")


def other_files(settings: Settings, baseline: str | None) -> list[str]:
    """The files that a run depends on in addition to the specs and the configurations near them."""
    try:
        known = baseline or settings.configuration_for(os.getcwd()).baseline
    except SpecError:  # the run reports what is wrong with it
        known = baseline
    return [file for file in (known, settings.configuration) if file]
