"""Show how each of a layer's numbers is derived: formula, substitution, result"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

import click

from cnncalc.cli._command import SpecOptions, command, graph_options, spec_argument, spec_options
from cnncalc.cli._console import emit, exit_with_findings, note, print_doubts, stdout_colored, stdout_width
from cnncalc.cli._layer import is_called, nodes_at_once, unshaped_layers
from cnncalc.cli._values import device_text, parsed

if TYPE_CHECKING:
    from cnncalc.analysis.explanation import Explanation
    from cnncalc.drawing.picture import Picture
    from cnncalc.graph.model import Graph, Node
    from cnncalc.importing.unshaped import UnshapedLayer

WRITTEN_TOGETHER = 20
"""The explanations of a write: all would come late for a deep network, and each by itself takes a tenth longer."""


@command(
    examples=(
        'cnncalc explain "32x32x3 -> conv 20 8x8 s2 p1"',
        "cnncalc explain lenet5 c1 --format markdown",
    )
)
@spec_argument
@click.argument("layer", required=False)
@click.option(
    "--format", "form", type=click.Choice(("text", "markdown", "html", "latex")), default="text",
    help="Output format.",
)  # fmt: skip
@click.option(
    "--brief", is_flag=True,
    help="One line per figure, and equal layers together; with --format text or markdown.",
)  # fmt: skip
@click.option("--draw", is_flag=True, help="With --format markdown or html: add the picture of each window.")
@click.option(
    "--backward", is_flag=True, help="Also show the numbers that training keeps for the backward pass, and its MACs."
)
@click.option("--bounds", is_flag=True, help="Also show the bytes that the layer reads and writes, and FLOPs per byte.")
@click.option(
    "--device", metavar="DEVICE", callback=parsed(device_text),
    help='Like --bounds, with the lower bounds of time on a device, such as "19.5 TFLOP/s, 1.5 TB/s", or a name '
    "that `cnncalc bounds` knows.",
)  # fmt: skip
@spec_options
def explain(spec: str, layer: str | None, options: SpecOptions, form: str, device: str | None, **shown: bool) -> None:
    """Explain the layer or block called LAYER, or every layer of SPEC.

    Shows the output size, parameters with and without weight sharing, MACs and FLOPs, each as a formula with the
    numbers substituted and evaluated; the input positions that rounding drops; and the sources of the formulas. MACs
    and FLOPs are for one sample, or for --batch samples.

    Of model code that cannot be followed to its end, the layers before that place are explained, and the parameters of
    those after it are listed; the exit code is 1.
    """
    from cnncalc.analysis.explain import explanations
    from cnncalc.analysis.partial import load_part

    brief, draw, backward, bounds = shown["brief"], shown["draw"], shown["backward"], shown["bounds"] or bool(device)
    if "dtype" in options and not bounds:
        note("note: --dtype has no effect: explanations contain byte counts only with --bounds")
    if draw and form not in ("markdown", "html"):
        raise click.UsageError("--draw is for --format markdown or html")
    if brief and (draw or backward or bounds or form not in ("text", "markdown")):
        raise click.UsageError(
            "--brief is for --format text or markdown, without --draw, --backward, --bounds and --device"
        )
    graph, rest = load_part(spec, **graph_options(options))
    print_doubts(graph)
    unshaped = unshaped_layers(rest, layer)
    known = not unshaped or any(is_called(layer, node) for node in graph.nodes if node.layer is not None)
    nodes = nodes_at_once("explain", graph, layer, options) if known else []
    found: Iterable[Explanation] = explanations(graph, nodes, batch=options.get("batch", 1))
    if backward:
        found = _with_backward(graph, nodes, found, options)
    if bounds:
        found = _with_bounds(graph, nodes, found, options, device or "")
    pictured = (
        (explanation, _picture(graph, node, explanation) if draw else None)
        for node, explanation in zip(nodes, found, strict=True)
    )
    if brief:
        _emit_brief(found, form)
    elif form == "html":
        from cnncalc.page.explanation_page import explanation_page

        emit(explanation_page(graph.name or layer or "model", pictured).rstrip("\n"))
    else:
        render = _renderer(form)
        texts = (render(explanation) + (_embedded(picture) if picture else "") for explanation, picture in pictured)
        for number, some in enumerate(_batches(texts)):
            emit(("\n" if number else "") + "\n".join(some))
    if unshaped and form in ("text", "markdown"):
        _emit_unshaped(unshaped, is_first=not nodes)
    exit_with_findings([rest.reason] if rest is not None else [])


def _batches(texts: Iterator[str]) -> Iterator[list[str]]:
    """The texts in lists of some, which are written together while the others are being made."""
    while some := list(islice(texts, WRITTEN_TOGETHER)):
        yield some


def _with_backward(
    graph: Graph, nodes: Iterable[Node], found: Iterable[Explanation], options: SpecOptions
) -> Iterator[Explanation]:
    from cnncalc.analysis.backward_work import gradients
    from cnncalc.analysis.cost.backward_working import with_backward
    from cnncalc.analysis.gradient_working import with_gradients

    needs, batch = gradients(graph), options.get("batch", 1)
    for node, each in zip(nodes, found, strict=True):
        yield with_gradients(graph, node, with_backward(graph, node, each, batch), needs[node.name], batch)


def _with_bounds(
    graph: Graph, nodes: Iterable[Node], found: Iterable[Explanation], options: SpecOptions, device: str
) -> Iterator[Explanation]:
    from cnncalc.analysis.roofline.bounds import bounds_of
    from cnncalc.analysis.roofline.bounds_working import with_bounds

    batch, dtype = options.get("batch", 1), options.get("dtype") or graph.dtype or "float32"
    layers = {layer.name: layer for layer in bounds_of(graph, device=device, batch=batch, dtype=dtype).layers}
    for node, each in zip(nodes, found, strict=True):
        yield with_bounds(graph, node, each, layers[node.name], batch=batch, dtype=dtype)


def _emit_unshaped(layers: Iterable[UnshapedLayer], *, is_first: bool) -> None:
    from cnncalc.render.explanation.unshaped import unshaped_line

    lines = "\n".join(map(unshaped_line, layers))
    emit(lines if is_first else f"\n{lines}")


def _emit_brief(explanations: Iterable[Explanation], form: str) -> None:
    from cnncalc.render.explanation.brief import brief_markdown, brief_text, equal_layers

    for number, group in enumerate(equal_layers(explanations)):
        if form == "markdown":
            emit(("\n" if number else "") + brief_markdown(group).rstrip("\n"))
        else:
            emit(brief_text(group, stdout_width(), color=stdout_colored()).rstrip("\n"))


def _picture(graph: Graph, node: Node, explanation: Explanation) -> Picture | None:
    from cnncalc.drawing.layer_window import layer_window

    return layer_window(graph, node, explanation)


def _embedded(picture: Picture) -> str:
    """The picture as an image of Markdown that needs no other file."""
    from base64 import b64encode

    from cnncalc.drawing.forms.svg import render

    data = b64encode(render(picture).encode()).decode()
    return f"\n![The window of {picture.title}](data:image/svg+xml;base64,{data})\n"


def _renderer(form: str) -> Callable[[Explanation], str]:
    if form == "markdown":
        from cnncalc.render.explanation.markdown import render_markdown

        return render_markdown
    if form == "latex":
        from cnncalc.render.explanation.latex import render_latex

        return render_latex
    from cnncalc.render.explanation.text import TextExplanations

    return TextExplanations(stdout_width(), color=stdout_colored()).render
