"""Show what changed between two specs, or two revisions of one"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cnncalc.cli._command import SpecOptions, command, complete_spec, say_which_spec, spec_label, spec_options
from cnncalc.cli._console import FINDINGS, emit, exit_with_findings, note, print_doubts, stdout_colored, stdout_width
from cnncalc.cli._values import parsed

if TYPE_CHECKING:
    from cnncalc.analysis.difference.limits import Excess, Limit
    from cnncalc.analysis.difference.model import Difference
    from cnncalc.analysis.report import Report
    from cnncalc.graph.model import Graph


def _read_limit(text: str) -> Limit:
    from cnncalc.analysis.difference.limits import read_limit

    return read_limit(text)


@command(
    examples=(
        "cnncalc diff resnet18 resnet34",
        'cnncalc diff "32x32x3 -> conv 20 3x3 same" "32x32x3 -> conv 20 5x5 same" --format markdown',
    )
)
@click.argument("old", shell_complete=complete_spec, callback=say_which_spec)
@click.argument("new", shell_complete=complete_spec, callback=say_which_spec)
@click.option(
    "--format", "form", type=click.Choice(("text", "markdown", "json")), default="text", show_default=True,
    help="Output format; markdown is meant for a pull-request comment.",
)  # fmt: skip
@click.option("--draw", is_flag=True, help="With --format markdown: add a Mermaid chart of what changed.")
@click.option("--all", "everything", is_flag=True, help="Show every metric, and list every layer that differs.")
@click.option(
    "--fail-on", "limits", callback=parsed(_read_limit), multiple=True, metavar="LIMIT",
    help="Largest allowed change: params=+5%, macs=+10M, receptive_field=-1, params=5M, output; may be repeated.",
)  # fmt: skip
@spec_options
def diff(old: str, new: str, options: SpecOptions, form: str, *, limits: tuple[Limit, ...], **shown: bool) -> None:
    """Show what changed from OLD to NEW: layers, shapes, parameters, MACs, memory, receptive field.

    Each is a spec, as for other commands, or a file at a git revision: git:HEAD~1:specs/net.yaml. Layers are aligned
    by name, then by type and settings. Options such as --input and --set apply to both.

    With --fail-on, the exit code is 1 if a limit is exceeded: params=+5% allows growth by 5 percent, macs=+10M by 10
    million; receptive_field=-1 allows a decrease by 1 on each axis; params=5M allows at most 5 million; output allows
    no change.
    """
    from cnncalc.analysis.difference.diff import difference_of, examine_both
    from cnncalc.analysis.difference.limits import exceeded

    if old == new == "-":
        raise click.UsageError("only one of OLD and NEW can be standard input")
    if shown["draw"] and form != "markdown":
        raise click.UsageError("--draw is for --format markdown")
    sides = examine_both(old, new, parts=True, **options)
    difference = difference_of(*sides)
    print_doubts(difference.old, difference.new)
    broken = exceeded(difference, limits)
    labels = (spec_label(old, "old"), spec_label(new, "new"))
    emit(_rendered(difference, (old, new) if form == "json" else labels, broken, form, everything=shown["everything"]))
    if shown["draw"] and difference.layers:
        emit(_chart(*sides, difference))
    exit_with_findings(side.rest.reason for side in (difference.old, difference.new) if side.rest is not None)
    if broken:
        raise click.exceptions.Exit(FINDINGS)


def _rendered(
    difference: Difference, labels: tuple[str, str], broken: tuple[Excess, ...], form: str, *, everything: bool
) -> str:
    if form == "json":
        from cnncalc.render.difference import json

        return json.render(difference, labels, broken)
    if form == "markdown":
        from cnncalc.render.difference import markdown

        return markdown.render(difference, labels, broken, everything=everything)
    from cnncalc.render.difference import text

    return text.render(difference, labels, broken, everything=everything, limit=stdout_width(), color=stdout_colored())


def _chart(old: tuple[Graph, Report], new: tuple[Graph, Report], difference: Difference) -> str:
    """The chart of what changed as a block of Markdown."""
    from cnncalc.page.difference_chart import difference_chart

    chart = difference_chart(old, new, difference)
    if chart is None:
        note("note: the chart of what changed is left out: it is larger than what Mermaid shows")
        return ""
    return f"\n```mermaid\n{chart}```"
