"""Check specs for errors, questionable arithmetic and questionable architecture"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli._command import command, say_which_spec, set_option
from cnncalc.cli._console import Decorated
from cnncalc.cli._values import Whole
from cnncalc.render.linting import forms

if TYPE_CHECKING:
    from cnncalc.linting.discovery import Target


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
@set_option
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
def lint(paths: tuple[str, ...], **given: Any) -> None:
    """Check specs: files, folders (the current one by default), patterns, bundled names, inline texts, or `-`.

    Prints the findings, or nothing if there are none. The exit code is 1 if there are findings of at least --severity,
    and 2 if a file cannot be read or the configuration is invalid.
    """
    from cnncalc.cli.linting.once import lint_once
    from cnncalc.cli.linting.options import LintOptions, other_files

    options = LintOptions(paths or (".",), **given)
    options.check()
    stdin = _stdin(options.stdin_filename) if options.reads_stdin else None
    if options.watch:
        from cnncalc.cli.linting.watching import watch
        from cnncalc.linting.watching import state_of

        def state() -> object:
            return state_of(options.paths, other_files(options.settings(), options.baseline))

        raise click.exceptions.Exit(watch(lambda: lint_once(options, stdin), state))
    lint_once(options, stdin)


def _stdin(name: str | None) -> Target:
    """The contents of standard input, with its name."""
    from cnncalc.linting.discovery import Target

    return Target(name or "<stdin>", sys.stdin.buffer.read())
