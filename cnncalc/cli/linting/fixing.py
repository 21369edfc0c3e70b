"""`cnncalc lint --fix` and `--diff`: fix specs, and report on it."""

from __future__ import annotations

import difflib
import io
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import click

from cnncalc.cli._console import note, print_error, stdout_colored
from cnncalc.linting.discovery import Target
from cnncalc.linting.fixing import Fixed, fix, fix_file
from cnncalc.linting.run import UNREADABLE, Result
from cnncalc.linting.settings import Settings
from cnncalc.number_text import plural
from cnncalc.reading.bundled import meant_bundled
from cnncalc.reading.revision import PREFIX
from cnncalc.render.text import styled, visible

_STYLES: Mapping[str, str] = {"+": "green", "-": "red", "@": "cyan"}


class Errand(NamedTuple):
    """The arguments of a run, and its result."""

    result: Result
    paths: tuple[str, ...]
    settings: Settings
    stdin: Target | None


def fix_and_check(errand: Errand, check: Callable[[Target | None], Result]) -> tuple[Result, bool]:
    """Fix the files, write the fixed standard input to stdout, and check the fixed specs again.

    Returns the remaining findings, and whether a file could not be written.
    """
    stdin = errand.stdin
    all_fixed = list(_fixes(errand, in_place=True))
    if stdin is not None:
        after = next((fixed.after for fixed in all_fixed if fixed.path == stdin.path), stdin.text)
        click.echo(after, nl=False)
        stdin = stdin._replace(text=after)
    note(_summary(all_fixed, "fixed"))
    result = check(stdin) if any(fixed.resolved for fixed in all_fixed) else errand.result
    return result, any(fixed.failed for fixed in all_fixed)


def show_diff(errand: Errand) -> int:
    """Write the fixes to stdout as a unified diff without applying them. Returns the exit code."""
    all_fixed = list(_fixes(errand, in_place=False))
    for fixed in all_fixed:
        click.echo("".join(_diff(fixed)), nl=False, color=True)
    note(_summary(all_fixed, "would fix"))
    unreadable = [finding for finding in errand.result.findings if finding.code in UNREADABLE]
    for finding in unreadable:
        print_error(finding.message)
    return 2 if unreadable else int(any(fixed.resolved for fixed in all_fixed))


def _fixes(errand: Errand, *, in_place: bool) -> Iterator[Fixed]:
    """The fixed specs; the reasons for unfixed ones go to stderr."""
    named = {os.path.realpath(found[0]) for path in errand.paths if (found := meant_bundled(path)) is not None}
    for file in dict.fromkeys(finding.file for finding in errand.result.findings if finding.fix):
        fixed = Fixed(file, b"", b"", 0)
        if errand.stdin is not None and file == errand.stdin.path:
            fixed = fix(errand.stdin, errand.settings.plan_for(file))
        elif file == "<inline>":
            fixed = fixed._replace(problem="it is an inline text")
        elif file.startswith(PREFIX) and not os.path.lexists(file):
            fixed = fixed._replace(problem="it is a git revision")
        elif os.path.realpath(file) in named:
            fixed = fixed._replace(problem="it is a bundled spec, given by name")
        else:
            fixed = fix_file(file, errand.settings.plan_for(file), in_place=in_place)
        if fixed.problem:
            note(f"{visible(file)}: not fixed: {fixed.problem}")
        yield fixed


def _summary(all_fixed: list[Fixed], verb: str) -> str:
    count = sum(fixed.resolved for fixed in all_fixed)
    files = sum(fixed.resolved > 0 for fixed in all_fixed)
    if not count:
        return f"{verb} nothing"
    return f"{verb} {plural(count, 'finding')} in {plural(files, 'file')}"


def _diff(fixed: Fixed) -> Iterator[str]:
    """The lines of a unified diff: raw, as `patch` needs it, unless stdout is a terminal."""
    color = stdout_colored()
    before, after = (list(io.StringIO(text)) for text in fixed.texts)  # lines end only at "\n", as in `patch`
    for place, line in enumerate(difflib.unified_diff(before, after, fixed.path, fixed.path)):
        body, end = (line[:-1], "\n") if line.endswith("\n") else (line, "\n\\ No newline at end of file\n")
        if sys.stdout.isatty():
            body = visible(body.removesuffix("\r"))
        yield styled(body, "bold" if place < 2 else _STYLES.get(line[:1], ""), color=color) + end
