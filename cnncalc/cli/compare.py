"""Compare a layer under every framework's rules"""

from __future__ import annotations

import click

from cnncalc.cli._command import SpecOptions, command, graph_options, spec_argument, spec_options
from cnncalc.cli._console import emit, note, print_doubts, stdout_colored, stdout_width
from cnncalc.cli._layer import nodes_at_once


@command(
    examples=(
        'cnncalc compare "32x32x3 -> conv 20 8x8 s2 p1"',
        "cnncalc compare alexnet max_pool_1 --format markdown",
    )
)
@spec_argument
@click.argument("layer", required=False)
@click.option(
    "--format", "form", type=click.Choice(("text", "markdown", "json")), default="text", help="Output format."
)
@spec_options
def compare(spec: str, options: SpecOptions, layer: str | None, form: str) -> None:
    """Show a layer's result under the course formula, TensorFlow, Keras, PyTorch, ONNX and Caffe.

    Without LAYER, every layer on which they disagree is shown. Differences from the spec's own result are marked.
    """
    from cnncalc.analysis.analyze import load
    from cnncalc.analysis.compare import compare_layer
    from cnncalc.render import comparison

    if "batch" in options or "dtype" in options:
        note("note: --batch and --dtype have no effect: only shapes and parameters are compared")
    graph = load(spec, **graph_options(options))
    print_doubts(graph)
    compared = [
        (node, compare_layer(node.layer, graph.inputs_of(node)))
        for node in nodes_at_once("compare", graph, layer, options)
        if node.layer is not None
    ]
    if layer is None and len(compared) > 1:
        compared = [(node, rulings) for node, rulings in compared if any(ruling.differs for ruling in rulings)]
    entries = [
        comparison.ComparedRules(node.name, node.layer.type, rulings) for node, rulings in compared if node.layer
    ]
    if form == "json":
        emit(comparison.as_json(entries))
    elif form == "markdown":
        emit(comparison.as_markdown(entries))
    else:
        emit(comparison.as_text(entries, limit=stdout_width(), color=stdout_colored()))
