"""Draw the model, the window of a layer, or its receptive field"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli._command import SpecOptions, command, spec_argument, spec_options
from cnncalc.cli._console import exit_with_findings, print_doubts
from cnncalc.cli._layer import chosen_nodes
from cnncalc.cli._output import output_options, refuse_existing, write_file, write_output
from cnncalc.cli._values import Whole
from cnncalc.drawing.forms import ENDINGS as DRAWN_ENDINGS

if TYPE_CHECKING:
    from cnncalc.analysis.report import Report
    from cnncalc.drawing.drawing import Drawing
    from cnncalc.graph.model import Graph, Node

STYLES = ("graph", "volumes", "field", "window")
FORMS = ("svg", "png", "html", "dot", "mermaid", "tikz")
ENDINGS: Mapping[str, str] = {**DRAWN_ENDINGS, ".html": "html", ".htm": "html"}
COLUMNS = ("params", "macs", "flops", "field")


@command(
    examples=(
        "cnncalc draw resnet18 -o resnet18.svg",
        "cnncalc draw lenet5 --format mermaid --columns params",
        "cnncalc draw vgg16 --style volumes -o vgg16.tex",
        "cnncalc draw resnet18 stage2.1.add_1 --style field -o field.svg",
        'cnncalc draw "7x7x1 -> conv 1 3x3 s2 p1" --style window --animate -o window.svg',
    )
)
@spec_argument
@click.argument("layer", required=False)
@output_options("drawing")
@click.option(
    "--format", "form", type=click.Choice(FORMS), help="Form of the drawing (default: by the ending of PATH, else svg)."
)
@click.option("--style", type=click.Choice(STYLES), default="graph", show_default=True, help="What to draw.")
@click.option("--direction", type=click.Choice(("down", "right")), help="Direction of a graph (default: down).")
@click.option(
    "--depth", type=Whole(0), metavar="N", help="Fold blocks below level N (default: as deep as fits on a page)."
)
@click.option("--columns", metavar="LIST", help=f"Figures in each box of a graph, with commas: {', '.join(COLUMNS)}.")
@click.option(
    "--scale", type=click.Choice(("log", "linear")), help="Scale of heights and channels of volumes (default: log)."
)
@click.option("--animate", is_flag=True, help="Move the window over all positions, in an SVG without a script.")
@click.option("--data", metavar="ARRAY", help="Input array whose numbers a window shows, as for apply.")
@click.option("--weights", metavar="ARRAY", help="Weights for --data, as for apply.")
@spec_options
def draw(
    spec: str,
    layer: str | None,
    options: SpecOptions,
    output: str | None,
    form: str | None,
    *,
    force: bool,
    **look: Any,
) -> None:
    """Draw a model, or the window or receptive field of LAYER.

    A graph has a box for each layer, a frame for each block and a line for each tensor. Equal blocks in a row are drawn
    once, marked ×N; normalization and activation are written into the box of their layer.

    Volumes are the tensors side by side, to scale, as in lectures; a model that goes down in resolution and up again is
    drawn as a U. A field is what one position of LAYER reads of every tensor before it.

    A window is drawn on its grid: the padding, the kernel with its dilation, the steps of the stride, and the positions
    that no window uses. SVG follows the reader's light or dark colours and needs no other file.
    """
    from cnncalc.analysis.partial import examine_part

    form = form or _form_of(output)
    if form == "png" and output is None:
        raise click.UsageError("a PNG is not a text: give -o PATH")
    _check(layer, form, look)
    refuse_existing(output, force=force)
    graph, report = examine_part(spec, **options)
    drawn = _drawn(graph, report, layer, form, look)
    print_doubts(report)
    if output is None:
        write_output(drawn.decode(), None)
    else:
        write_file(drawn, output)
    exit_with_findings([report.rest.reason] if report.rest is not None else [])


def _form_of(output: str | None) -> str:
    """The form that the ending of a file decides; SVG for standard output."""
    if output is None:
        return "svg"
    ending = os.path.splitext(output)[1].lower()
    if ending not in ENDINGS:
        raise click.UsageError(f'cannot draw as "{ending}": use {", ".join(ENDINGS)}, or give --format')
    return ENDINGS[ending]


_ONLY: Mapping[str, tuple[str, ...]] = {
    "direction": ("graph",),
    "columns": ("graph",),
    "depth": ("graph", "volumes"),
    "scale": ("volumes",),
    "animate": ("window",),
    "data": ("window",),
    "weights": ("window",),
}
"""The styles that have an option."""


def _check(layer: str | None, form: str, look: dict[str, Any]) -> None:
    """Refuse what the style does not have; read the columns."""
    style = look["style"]
    for option, styles in _ONLY.items():
        if style not in styles and look[option]:
            raise click.UsageError(f"--{option} is for --style {' and '.join(styles)}")
    if look["weights"] and not look["data"]:
        raise click.UsageError("--weights needs --data, the input of the layer")
    if style in ("graph", "volumes") and layer is not None:
        raise click.UsageError(f'--style {style} shows all layers: for "{layer}" alone give --style window or field')
    if style != "graph" and form in ("dot", "mermaid"):
        raise click.UsageError(f"{form} has boxes and arrows only: for --style {style} use svg, png or tikz")
    look["columns"] = _chosen(look["columns"] or "")


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


def _drawn(graph: Graph, report: Report, layer: str | None, form: str, look: Mapping[str, Any]) -> bytes:
    if form == "html" and look["style"] == "graph" and look["direction"] != "right":
        from cnncalc.page.drawing_page import graph_page

        return graph_page(graph, report, look["depth"], look["columns"]).encode()
    drawing = _drawing(graph, report, layer, look)
    if form == "html":
        from cnncalc.page.drawing_page import picture_page

        return picture_page(drawing.picture).encode()
    try:
        return drawing.content(form)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _drawing(graph: Graph, report: Report, layer: str | None, look: Mapping[str, Any]) -> Drawing:
    from cnncalc.diagnostics import Refusal
    from cnncalc.drawing.drawing import Look, layer_drawing, model_drawing, refusal_text
    from cnncalc.drawing.styles.window import GridValues
    from cnncalc.drawing.window_numbers import window_numbers

    style = look["style"]
    chosen = Look(look["direction"] or "down", look["depth"], look["columns"], look["scale"] or "log", look["animate"])
    if style in ("graph", "volumes"):
        return model_drawing(graph, report, style, chosen)
    node = _one_layer(graph, layer, "window" if style == "window" else "receptive field")
    try:
        values = window_numbers(graph, node, look["data"], look["weights"]) if look["data"] else GridValues()
        return layer_drawing(graph, report, style, node, look=chosen, values=values)
    except Refusal as refusal:
        raise click.UsageError(refusal_text(refusal)) from None


def _one_layer(graph: Graph, layer: str | None, what: str) -> Node:
    """The layer that the user names, or the only one."""
    nodes = chosen_nodes(graph, layer)
    if len(nodes) > 1:
        names = ", ".join(node.name for node in nodes[:6])
        raise click.UsageError(f"give the LAYER whose {what} to draw: {names}{' …' if len(nodes) > 6 else ''}")
    return nodes[0]
