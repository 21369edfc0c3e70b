"""List the metrics of every variant of a spec, and the best ones"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli._command import SpecOptions, command, spec_argument, spec_options
from cnncalc.cli._console import FINDINGS, print_doubts
from cnncalc.cli._output import output_options
from cnncalc.cli._values import Whole, read_ranges

if TYPE_CHECKING:
    pass

FORMS: Mapping[str, str] = {".csv": "csv", ".json": "json", ".md": "markdown", ".svg": "svg"}
"""The form that the ending of a file decides."""


@command(
    examples=(
        "cnncalc sweep lenet5 --vary input=28..40:4 --format markdown",
        'cnncalc sweep resnet18 --vary input=96..256:32 --vary classes=10,100 --keep "macs<=1G" -o sizes.csv',
        "cnncalc sweep resnet18 --vary input=96..256:32 --pareto macs,activation_bytes:max -o front.svg",
    )
)
@spec_argument
@click.option(
    "--vary", multiple=True, required=True, metavar="NAME=RANGE",
    help="Values of input, input.height, an input's name or a variable, e.g. 32..512:32 or 3,5,7; may be repeated.",
)  # fmt: skip
@click.option(
    "--keep", multiple=True, metavar="CONDITIONS",
    help='Keep the variants that meet all conditions, e.g. "params<=5M, conv_1.macs<=300M, output=7x7".',
)  # fmt: skip
@click.option(
    "--pareto", metavar="METRICS",
    help="Keep the Pareto front of these metrics, e.g. macs,params,receptive_field; layers:max prefers more.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(tuple(FORMS.values())),
    help="Output format (default: by the ending of PATH, else csv).",
)  # fmt: skip
@click.option("--jobs", type=Whole(1, 1024), default=1, show_default=True, metavar="N", help="Number of processes.")
@output_options("variants")
@spec_options
def sweep(spec: str, options: SpecOptions, form: str | None, output: str | None, *, force: bool, **given: Any) -> None:
    """List the metrics of every combination of the --vary values, one row each.

    Rows are written as they are computed, in the order of the combinations; the last --vary changes fastest. A CSV or
    JSON file that exists is continued where an interrupted run of the same command ended. Combinations that cannot be
    built are rows with the reason; they are also counted at the end.

    With --pareto, only the variants remain that no other one beats in one metric without being worse in another. Less
    is better, except for receptive_field; METRIC:max and METRIC:min choose. --format svg plots all variants over the
    first two metrics, and marks the front.

    If no variant is kept, the exit code is 1.
    """
    from cnncalc.cli.sweeping.writing import write_front, write_rows
    from cnncalc.sweeping.sweep import sweep as sweep_all

    form = form or _form_of(output)
    if form == "svg" and "," not in (given["pareto"] or ""):
        raise click.UsageError("--format svg needs --pareto with two metrics, such as --pareto macs,params")
    if not all(text.strip(" ,") for text in given["keep"]):
        raise click.UsageError('--keep needs conditions, such as --keep "params<=5M"')
    found = sweep_all(
        spec, read_ranges(given["vary"]), keep=given["keep"], pareto=given["pareto"], jobs=given["jobs"], **options
    )
    print_doubts(found)
    if given["pareto"] is not None:
        write_front(found, form, output, force=force)
    else:
        write_rows(found, form, output, force=force)
    if not found.tally.kept:
        raise click.exceptions.Exit(FINDINGS)


def _form_of(output: str | None) -> str:
    """The form that the ending of a file decides; CSV for standard output and other endings."""
    return FORMS.get(os.path.splitext(output or "")[1].lower(), "csv")
