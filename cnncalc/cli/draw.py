"""Draw the model: its graph as SVG, DOT, Mermaid or TikZ"""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli._command import SpecOptions, command, spec_argument, spec_options
from cnncalc.cli._console import emit, note, print_doubts
from cnncalc.cli._values import Whole

if TYPE_CHECKING:
    from cnncalc.analysis.report import Report
    from cnncalc.graph.model import Graph

FORMS = ("svg", "dot", "mermaid", "tikz")
ENDINGS: Mapping[str, str] = {
    ".svg": "svg",
    ".dot": "dot",
    ".gv": "dot",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".tex": "tikz",
}
COLUMNS = ("params", "macs", "flops", "field")


@command(examples=("cnncalc draw resnet18 -o resnet18.svg", "cnncalc draw lenet5 --format mermaid --columns params"))
@spec_argument
@click.option("-o", "--output", metavar="PATH", help="Write the drawing to this file (default: standard output).")
@click.option("--force", is_flag=True, help="Replace the file that --output names, if it exists.")
@click.option(
    "--format", "form", type=click.Choice(FORMS), help="Form of the drawing (default: by the ending of PATH, else svg)."
)
@click.option(
    "--direction",
    type=click.Choice(("down", "right")),
    default="down",
    show_default=True,
    help="Direction of the flow.",
)
@click.option(
    "--depth", type=Whole(0), metavar="N", help="Fold blocks below level N (default: as deep as fits on a page)."
)
@click.option(
    "--columns", "columns", metavar="LIST", default="", help=f"Figures in each box, with commas: {', '.join(COLUMNS)}."
)
@spec_options
def draw(spec: str, options: SpecOptions, output: str | None, form: str | None, *, force: bool, **wanted: Any) -> None:
    """Draw the graph of a model: a box for each layer, a frame for each block, a line for each tensor.

    Equal blocks in a row are drawn once, marked ×N; normalization and activation are written into the box of their
    layer. SVG follows the reader's light or dark colours, and needs no other file.
    """
    from cnncalc.analysis.analyze import examine

    wanted["columns"] = _chosen(wanted["columns"])
    form = form or ENDINGS.get(os.path.splitext(output or "")[1].lower(), "svg")
    if output and os.path.lexists(output) and not force:
        raise click.UsageError(f"{output} exists: give --force to replace it")
    graph, report = examine(spec, **options)
    text = _drawn(graph, report, form, **wanted)
    print_doubts(report)
    if output is None:
        emit(text.rstrip("\n"))
        return
    from cnncalc.linting.atomic_write import write
    from cnncalc.number_text import byte_size

    write(output, text.encode())
    note(f"{output}: {byte_size(len(text.encode()))}")


def _chosen(text: str) -> tuple[str, ...]:
    """The columns that the user names."""
    from cnncalc.diagnostics import did_you_mean

    words = tuple(word.strip() for word in text.split(",") if word.strip())
    for word in words:
        if word not in COLUMNS:
            hint = did_you_mean(word, COLUMNS)
            known = ", ".join(COLUMNS)
            raise click.BadParameter(
                f'there is no column "{word}"{": " + hint if hint else ""} (columns: {known})', param_hint="--columns"
            )
    return words


def _drawn(graph: Graph, report: Report, form: str, *, depth: int | None, **look: Any) -> str:
    """The drawing as text; `look` is the direction and the columns."""
    from cnncalc.drawing.folding import diagram

    found = diagram(graph, report, depth)
    renderer: Any = import_module(f"cnncalc.drawing.forms.{form}")
    if form in ("dot", "mermaid"):
        return str(renderer.render(found, **look))
    from cnncalc.drawing.styles.graph import draw as picture

    return str(renderer.render(picture(found, report, **look)))
