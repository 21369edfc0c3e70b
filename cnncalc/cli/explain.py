"""Show how each of a layer's numbers is derived: formula, substitution, result"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from cnncalc.cli._command import SpecOptions, command, graph_options, spec_argument, spec_options
from cnncalc.cli._console import emit, note, print_doubts, stdout_colored, stdout_width
from cnncalc.cli._layer import nodes_at_once

if TYPE_CHECKING:
    from cnncalc.analysis.explain import Explanation


@command(
    examples=(
        'cnncalc explain "32x32x3 -> conv 20 8x8 s2 p1"',
        "cnncalc explain lenet5 c1 --format markdown",
    )
)
@spec_argument
@click.argument("layer", required=False)
@click.option(
    "--format", "form", type=click.Choice(("text", "markdown", "latex")), default="text", help="Output format."
)
@spec_options
def explain(spec: str, layer: str | None, options: SpecOptions, form: str) -> None:
    """Explain the layer or block called LAYER, or every layer of SPEC.

    Shows the output size, parameters with and without weight sharing, MACs and FLOPs, each as a formula with the
    numbers substituted and evaluated; the input positions that rounding drops; and the sources of the formulas. MACs
    and FLOPs are for one sample, or for --batch samples.
    """
    from cnncalc.analysis.analyze import load
    from cnncalc.analysis.explain import explanations

    if "dtype" in options:
        note("note: --dtype has no effect: explanations contain no byte counts")
    graph = load(spec, **graph_options(options))
    print_doubts(graph)
    render = _renderer(form)
    nodes = nodes_at_once("explain", graph, layer, options)
    found = explanations(graph, nodes, batch=options.get("batch", 1))
    for number, explanation in enumerate(found):  # written as they are made
        emit(("\n" if number else "") + render(explanation))


def _renderer(form: str) -> Callable[[Explanation], str]:
    if form == "markdown":
        from cnncalc.render.explanation.markdown import render_markdown

        return render_markdown
    if form == "latex":
        from cnncalc.render.explanation.latex import render_latex

        return render_latex
    from cnncalc.render.explanation.text import render_text

    return lambda explanation: render_text(explanation, stdout_width(), color=stdout_colored())
