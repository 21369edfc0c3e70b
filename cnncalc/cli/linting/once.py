"""One run of `cnncalc lint`: check, fix, filter by the baseline, print."""

from __future__ import annotations

import click

from cnncalc.cli._console import FINDINGS, emit, note, stdout_colored, stdout_width
from cnncalc.cli.linting.options import LintOptions
from cnncalc.linting.discovery import Target
from cnncalc.linting.run import Result, run
from cnncalc.render.linting import render
from cnncalc.render.text import visible

UNUSABLE = 2


def lint_once(options: LintOptions, stdin: Target | None) -> None:
    """Check the specs and print the findings. Raises click's Exit with 1 for findings, 2 for unusable files."""

    settings = options.settings()

    def check(stdin: Target | None) -> Result:
        return run(
            options.paths, settings, stdin=stdin, only_specs=options.only_specs, jobs=options.jobs,
            cache=None if options.no_cache else options.cache_dir,
        )  # fmt: skip

    found, failed = check(stdin), False
    if not found.files and not options.only_specs:
        note(f"no specs found in {', '.join(map(visible, options.paths))}")
    if options.fix or options.diff:
        from cnncalc.cli.linting.fixing import Errand, fix_and_check, show_diff

        errand = Errand(found, options.paths, settings, stdin)
        if options.diff:
            raise click.exceptions.Exit(show_diff(errand))
        found, failed = fix_and_check(errand, check)
    if options.write_baseline or options.baseline or found.baseline:
        from cnncalc.cli.linting.baseline import without_known

        path = options.baseline or found.baseline
        found = without_known(found, settings, path, write=options.write_baseline)
    show = note if options.fix and stdin else emit  # the fixed text goes to stdout
    if text := _shown(found, options):
        show(text, is_commands=not options.statistics and options.format == "github")
    if failed or found.is_unreadable or found.fails:
        raise click.exceptions.Exit(UNUSABLE if failed or found.is_unreadable else FINDINGS)


def _shown(found: Result, options: LintOptions) -> str:
    if not options.statistics:
        return render(options.format, found, limit=stdout_width(), color=stdout_colored())
    from cnncalc.render import lint_statistics

    if options.form == "json":
        return lint_statistics.as_json(found)
    return lint_statistics.as_text(found, limit=stdout_width(), color=stdout_colored())
