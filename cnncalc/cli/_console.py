"""The output of commands: results go to stdout, everything else to stderr, with colour only where it is wanted."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

if TYPE_CHECKING:
    from cnncalc.analysis.report import Report
    from cnncalc.diagnostics import Diagnostic
    from cnncalc.graph.model import Graph
    from cnncalc.solving.study import Study
    from cnncalc.sweeping.sweep import Sweep

FINDINGS = 1
NARROWEST_SCREEN = 20
"""Narrower terminals wrap the lines themselves: nothing readable fits into fewer columns."""

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_COLOR = "cnncalc.color"
_COMMAND = r"(?m)^([ \t]*)::"


def color_option(function: Decorated) -> Decorated:
    """Add `--color`, which needs no parameter: the helpers here read it from the context."""
    return click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        expose_value=False,
        is_eager=True,
        callback=_remember_color,
        help="Whether to colour the output; auto: on a terminal, unless NO_COLOR is set.",
    )(function)


def _remember_color(ctx: click.Context, parameter: click.Parameter, value: str | None) -> None:
    if value:
        ctx.meta[_COLOR] = value


def colored(stream: TextIO) -> bool:
    """Whether to write colour to `stream`."""
    ctx = click.get_current_context(silent=True)
    mode = ctx.meta.get(_COLOR, "auto") if ctx else "auto"
    if mode != "auto":
        return bool(mode == "always")
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def stdout_colored() -> bool:
    """Whether results are coloured."""
    return colored(sys.stdout)


def stdout_width() -> int | None:
    """The width of the terminal in columns; None for a pipe or a file, where lines may have any length."""
    if not sys.stdout.isatty():
        return None
    from shutil import get_terminal_size

    return max(NARROWEST_SCREEN, get_terminal_size().columns)


def emit(text: str, *, is_commands: bool = False) -> None:
    """Write a result to stdout, ending in one newline; unsafe characters from files are escaped.

    `is_commands` marks lines that are meant as commands of GitHub Actions.
    """
    color = stdout_colored()  # the text was already made with or without colour
    click.echo(_fit(text.removesuffix("\n"), color=color, is_commands=is_commands), color=True)


def emit_part(text: str) -> None:
    """Write a part of a result to stdout, as `emit` does, without an end of its own."""
    click.echo(_fit(text, color=stdout_colored()), nl=False, color=True)


def note(text: str, *, is_commands: bool = False) -> None:
    """Write a remark or progress to stderr, escaped in the same way."""
    click.echo(_fit(text, color=colored(sys.stderr), is_commands=is_commands), err=True, color=True)


def _fit(text: str, *, color: bool, is_commands: bool = False) -> str:
    if os.environ.get("GITHUB_ACTIONS") == "true" and not is_commands:
        # the runner executes every line of a log that looks like a command
        text = re.sub(_COMMAND, r"\1\\u003a:", text)
    if text.isprintable():
        return text
    from cnncalc.render.text import fit_for_output

    return fit_for_output(text, color=color)


def print_error(message: str) -> None:
    """Write `error: message` to stderr."""
    label = "\x1b[1;31merror:\x1b[0m" if colored(sys.stderr) else "error:"
    note(f"{label} {message}")


def print_diagnostics(diagnostics: Iterable[Diagnostic]) -> None:
    """Write diagnostics to stderr, each with its source line and a caret."""
    from cnncalc.render.diagnostics import show_all

    note(show_all(diagnostics, color=colored(sys.stderr)))


def print_doubts(*models: Graph | Report | Study | Sweep) -> None:
    """Write to stderr, once each, the warnings about model files, and the inputs that were probably misread."""
    if remarks := [remark for model in models for remark in model.remarks]:
        print_diagnostics({str(remark): remark for remark in remarks}.values())
    doubts = [doubt for model in models for doubt in model.doubts]
    if doubts:
        from cnncalc.graph.doubts import as_warning

        once = {(doubt.shape, doubt.span.source.text): doubt for doubt in doubts}
        print_diagnostics(map(as_warning, once.values()))


def print_doubt(shape: object, convention: str | None, layout: str | None, option: str = "--input") -> None:
    """Like `print_doubts`, for the shape of an option outside any model."""
    from cnncalc.arithmetic.convention import setting
    from cnncalc.diagnostics import Source, Span
    from cnncalc.graph.doubts import as_warning, doubt_about
    from cnncalc.number_text import show_shape

    if layout is None and isinstance(shape, tuple):
        text = show_shape(shape)
        doubt = doubt_about(shape, setting(convention or "formula"), Span(Source(option, text), 0, len(text)))
        if doubt:
            print_diagnostics([as_warning(doubt)])


def exit_with_findings(diagnostics: Iterable[Diagnostic]) -> None:
    """If there are findings, write them to stderr and exit with 1; otherwise return."""
    found = list(diagnostics)
    if found:
        print_diagnostics(found)
        raise click.exceptions.Exit(FINDINGS)
