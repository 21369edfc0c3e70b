"""Write the spec of a model file of another tool"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli._command import SpecOptions, command, complete_file, import_options
from cnncalc.cli._console import FINDINGS, emit, note, print_diagnostics, print_error
from cnncalc.cli._output import refuse_existing

if TYPE_CHECKING:
    from cnncalc.analysis.imported import Imported


@command(examples=("cnncalc import net.cfg -o net.yaml", "cnncalc import net.cfg --flat"))
@click.argument("file", shell_complete=complete_file)
@click.option("-o", "--output", metavar="PATH", help="Write the spec to this file (default: standard output).")
@click.option("--force", is_flag=True, help="Replace the file that --output names, if it exists.")
@click.option("--flat", is_flag=True, help="List every layer under its own name: no blocks, nothing folded.")
@click.option("--strict", is_flag=True, help="Fail on an operation that has no layer type.")
@import_options
def import_(file: str, options: SpecOptions, output: str | None, *, force: bool, flat: bool, strict: bool) -> None:
    """Write the spec of FILE, a model file of another tool, as a person would write it.

    Repeated parts become blocks, activations join the layers before them, and chains need no names. The spec is built
    and compared with the file before it is written. docs/importing.md lists the formats. The exit code is 1 if the
    shapes or parameters that the file states differ from the computed ones.
    """
    from cnncalc.analysis.imported import imported
    from cnncalc.importing.document import Choices

    refuse_existing(output, force=force)
    given: dict[str, Any] = dict(options)
    choices = Choices(given.pop("input", None), given.pop("variables", None), strict)
    found = imported(file, choices, flat=flat, **given)
    _write(found, output)
    if found.remarks:
        print_diagnostics(found.remarks)
    if found.differences:
        print_error("the short form is not the same network, so that every layer is listed; please report this")
    if found.findings:
        print_diagnostics(found.findings)
        raise click.exceptions.Exit(FINDINGS)


def _write(found: Imported, output: str | None) -> None:
    if output is None:
        emit(found.text)
        return
    from cnncalc.linting.atomic_write import write

    write(output, found.text.encode())
    lines, layers = found.text.count("\n"), len(found.report.layers)
    note(f"{output}: {lines} lines for {layers} layers")
