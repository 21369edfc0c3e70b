"""Check specs for errors, questionable arithmetic and questionable architecture"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from cnncalc.cli._command import command, say_which_spec
from cnncalc.cli._console import FINDINGS, Decorated, emit, note, stdout_colored, stdout_width
from cnncalc.cli._values import Whole
from cnncalc.diagnostics import SpecError
from cnncalc.render.linting import forms, render
from cnncalc.render.text import visible

if TYPE_CHECKING:
    from cnncalc.linting.discovery import Target
    from cnncalc.linting.run import Result
    from cnncalc.linting.settings import Settings

UNUSABLE = 2


def _words(ctx: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...] | None:
    """Rules by code, code prefix or name; None if the option was not given."""
    if not value:
        return None
    from cnncalc.linting.selection import unknown_word, words_of

    words = words_of(",".join(value))
    if not words and parameter.name == "select":
        raise click.BadParameter("it selects no rules, so nothing would be checked", ctx, parameter)
    for word in words:
        if problem := unknown_word(word):
            raise click.BadParameter(problem, ctx, parameter)
    return words


def _rules(option: str, text: str) -> Callable[[Decorated], Decorated]:
    return click.option(option, multiple=True, callback=_words, metavar="RULES", help=text)


@command(
    examples=(
        "cnncalc lint resnet50 vgg16",
        'cnncalc lint "11x11x3 -> conv 8 3x3 relu -> max_pool 2" --format full',
    )
)
@click.argument("paths", nargs=-1, metavar="[PATHS]...", callback=say_which_spec)
@_rules("--select", "Rules to run: codes such as A101, code prefixes such as A or E4, names, or ALL.")
@_rules("--ignore", "Rules not to run.")
@_rules("--extend-select", "Rules to run in addition.")
@click.option(
    "--severity", type=click.Choice(("info", "warning", "error")),
    help="Minimum severity that makes the exit code 1 (default: warning).",
)  # fmt: skip
@click.option("--max-warnings", type=Whole(0), metavar="N", help="Number of warnings to allow.")
@click.option(
    "--format", "form", type=click.Choice(forms()), help="Output format (default: text; in GitHub Actions: github)."
)
@click.option("--statistics", is_flag=True, help="Show the number of findings per rule instead of the findings.")
@click.option("--fix", is_flag=True, help="Apply safe fixes, and show the remaining findings.")
@click.option("--diff", is_flag=True, help="Show what --fix would change; exit code 1 if it would change anything.")
@click.option(
    "--baseline",
    metavar="FILE",
    help="Do not report the findings recorded in this file (default: `baseline` of the configuration).",
)
@click.option(
    "--write-baseline", is_flag=True, help="Record the findings in the baseline (default: cnncalc-baseline.json)."
)
@click.option("--watch", is_flag=True, help="Check again whenever a file changes, until Ctrl-C.")
@click.option("--only-specs", is_flag=True, help="Skip named files that are excluded or do not look like specs.")
@click.option(
    "--stdin-filename", metavar="PATH", help="File name for standard input (`-`); also determines its configuration."
)
@click.option(
    "--config", "configuration", type=click.Path(exists=True, dir_okay=False), metavar="FILE",
    help="A cnncalc.toml or pyproject.toml to use instead of the one nearest to each spec.",
)  # fmt: skip
@click.option(
    "--jobs",
    type=Whole(1),
    metavar="N",
    help="Number of processes (default: all processors for 50 or more files, else 1).",
)
@click.option("--no-cache", is_flag=True, help="Check unchanged files again instead of using the cache.")
@click.option(
    "--cache-dir", default=".cnncalc_cache", show_default=True, metavar="FOLDER", envvar="CNNCALC_CACHE_DIR",
    help="Folder of the cache for unchanged files; it can be deleted at any time.",
)  # fmt: skip
def lint(
    paths: tuple[str, ...], select: tuple[str, ...] | None, ignore: tuple[str, ...] | None,
    extend_select: tuple[str, ...] | None, severity: str | None, max_warnings: int | None, form: str | None,
    statistics: bool, fix: bool, diff: bool, baseline: str | None, write_baseline: bool, watch: bool,
    only_specs: bool, stdin_filename: str | None, configuration: str | None, jobs: int | None, no_cache: bool,
    cache_dir: str,
) -> None:  # fmt: skip
    """Check specs: files, folders (the current one by default), patterns, bundled names, inline texts, or `-`.

    Prints the findings, or nothing if there are none. The exit code is 1 if there are findings of at least --severity,
    and 2 if a file cannot be read or the configuration is invalid.
    """
    from cnncalc.linting.run import run
    from cnncalc.linting.settings import Settings

    paths = paths or (".",)
    if watch and (fix or write_baseline or "-" in paths):
        raise click.UsageError("--watch cannot be combined with --fix, --write-baseline or standard input")
    settings = Settings(select, extend_select or (), ignore or (), configuration)
    if stdin_filename and "-" not in paths:
        raise click.UsageError("--stdin-filename applies to standard input: add `-` to the paths")
    if "" in paths:
        raise click.UsageError("a path is empty: give a file or folder")
    stdin = _stdin(stdin_filename) if "-" in paths else None

    def check(stdin: Target | None) -> Result:
        return run(
            paths, settings, stdin=stdin, only_specs=only_specs, severity=severity, max_warnings=max_warnings,
            jobs=jobs, cache=None if no_cache else cache_dir,
        )  # fmt: skip

    def once() -> None:
        found, failed = check(stdin), False
        if not found.files and not only_specs:
            note(f"no specs found in {', '.join(map(visible, paths))}")
        if fix or diff:
            from cnncalc.cli.linting.fixing import Errand, fix_and_check, show_diff

            errand = Errand(found, paths, settings, stdin)
            if diff:
                raise click.exceptions.Exit(show_diff(errand))
            found, failed = fix_and_check(errand, check)
        if write_baseline or baseline or found.baseline:
            from cnncalc.cli.linting.baseline import without_known

            found = without_known(found, settings, baseline or found.baseline, write=write_baseline)
        show = note if fix and stdin else emit  # the fixed text goes to stdout
        if text := _statistics(found, form) if statistics else _findings(found, form):
            show(text, is_commands=not statistics and _format(form) == "github")
        if failed or found.is_unreadable or found.fails:
            raise click.exceptions.Exit(UNUSABLE if failed or found.is_unreadable else FINDINGS)

    if watch:
        from cnncalc.cli.linting.watching import watch as watched
        from cnncalc.linting.watching import state_of

        raise click.exceptions.Exit(watched(once, lambda: state_of(paths, _others(settings, baseline))))
    once()


def _findings(result: Result, form: str | None) -> str:
    return render(_format(form), result, limit=stdout_width(), color=stdout_colored())


def _format(form: str | None) -> str:
    return form or ("github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text")


def _others(settings: Settings, baseline: str | None) -> list[str]:
    """The files that a run depends on in addition to the specs and the configurations near them."""
    try:
        known = baseline or settings.configuration_for(os.getcwd()).baseline
    except SpecError:  # the run reports what is wrong with it
        known = baseline
    return [file for file in (known, settings.configuration) if file]


def _statistics(result: Result, form: str | None) -> str:
    from cnncalc.render import lint_statistics as statistics

    return statistics.as_json(result) if form == "json" else statistics.as_text(result, color=stdout_colored())


def _stdin(name: str | None) -> Target:
    """The contents of standard input, with its name."""
    from cnncalc.linting.discovery import Target

    return Target(name or "<stdin>", sys.stdin.buffer.read())
