"""The options of commands that write a file: `-o PATH`, and `--force` to replace one."""

from __future__ import annotations

import os
from collections.abc import Callable

import click

from cnncalc.cli._console import Decorated, emit, note


def output_options(what: str) -> Callable[[Decorated], Decorated]:
    """Add `--output`, passed as `output: str | None`, and `--force`."""

    def declare(function: Decorated) -> Decorated:
        force = click.option("--force", is_flag=True, help="Replace the file that --output names, if it exists.")
        output = click.option(
            "-o", "--output", metavar="PATH", help=f"Write the {what} to this file (default: standard output)."
        )
        return output(force(function))

    return declare


def refuse_existing(output: str | None, *, force: bool) -> None:
    """Raise a usage error if the file exists and must not be replaced, or is a folder."""
    if output and os.path.isdir(output):
        raise click.UsageError(f"{output} is a folder: give -o PATH of a file in it")
    if output and os.path.lexists(output) and not force:
        raise click.UsageError(f"{output} exists: give --force to replace it")


def write_output(text: str, output: str | None) -> None:
    """Write a text to the file, with a note of its size, or to standard output."""
    if output is None:
        emit(text.rstrip("\n"))
    else:
        write_file(text.encode(), output)


def write_file(content: bytes, output: str) -> None:
    """Write the file, with a note of its size."""
    from cnncalc.linting.atomic_write import write
    from cnncalc.number_text import byte_size

    write(output, content)
    note(f"{output}: {byte_size(len(content))}")
