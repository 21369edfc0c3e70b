"""Show how each of a layer's numbers is derived: formula, substitution, result"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click

from cnncalc.cli._command import SpecOptions, command, graph_options, spec_argument, spec_options
from cnncalc.cli._console import emit, exit_with_findings, note, print_doubts, stdout_colored, stdout_width
from cnncalc.cli._layer import is_called, nodes_at_once, unshaped_layers

if TYPE_CHECKING:
    from cnncalc.analysis.explain import Explanation
    from cnncalc.drawing.picture import Picture
    from cnncalc.graph.model import Graph, Node
    from cnncalc.importing.unshaped import UnshapedLayer


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
@spec_options
def explain(spec: str, layer: str | None, options: SpecOptions, form: str, **shown: bool) -> None:
    """Explain the layer or block called LAYER, or every layer of SPEC.

    Shows the output size, parameters with and without weight sharing, MACs and FLOPs, each as a formula with the
    numbers substituted and evaluated; the input positions that rounding drops; and the sources of the formulas. MACs
    and FLOPs are for one sample, or for --batch samples.

    Of model code that cannot be followed to its end, the layers before that place are explained, and the parameters of
    those after it are listed; the exit code is 1.
    """
    from cnncalc.analysis.explain import explanations
    from cnncalc.analysis.partial import load_part

    brief, draw, backward = shown["brief"], shown["draw"], shown["backward"]
    if "dtype" in options:
        note("note: --dtype has no effect: explanations contain no byte counts")
    if draw and form not in ("markdown", "html"):
        raise click.UsageError("--draw is for --format markdown or html")
    if brief and (draw or backward or form not in ("text", "markdown")):
        raise click.UsageError("--brief is for --format text or markdown, without --draw and --backward")
    graph, rest = load_part(spec, **graph_options(options))
    print_doubts(graph)
    unshaped = unshaped_layers(rest, layer)
    known = not unshaped or any(is_called(layer, node) for node in graph.nodes if node.layer is not None)
    nodes = nodes_at_once("explain", graph, layer, options) if known else []
    found = explanations(graph, nodes, batch=options.get("batch", 1))
    if backward:
        from cnncalc.analysis.backward_work import backward_work, with_work
        from cnncalc.analysis.cost.backward_working import with_backward

        work = backward_work(graph)
        found = (
            with_work(with_backward(graph, node, each), work[node.name])
            for node, each in zip(nodes, found, strict=True)
        )
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
        for number, (explanation, picture) in enumerate(pictured):  # written as they are made
            emit(("\n" if number else "") + render(explanation) + (_embedded(picture) if picture else ""))
    if form in ("text", "markdown"):
        _emit_unshaped(unshaped, is_first=not nodes)
    exit_with_findings([rest.reason] if rest is not None else [])


def _emit_unshaped(layers: Iterable[UnshapedLayer], *, is_first: bool) -> None:
    from cnncalc.render.explanation.unshaped import unshaped_line

    lines = "\n".join(map(unshaped_line, layers))
    if lines:
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
    from cnncalc.render.explanation.text import render_text

    return lambda explanation: render_text(explanation, stdout_width(), color=stdout_colored())
