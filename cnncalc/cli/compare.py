"""Compare a layer under every framework's rules"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cnncalc.cli._command import SpecOptions, command, graph_options, spec_argument, spec_options
from cnncalc.cli._console import emit, note, print_doubts, stdout_colored, stdout_width
from cnncalc.cli._layer import chosen_nodes, nodes_at_once

if TYPE_CHECKING:
    from cnncalc.graph.model import Graph


def _chosen_tools(ctx: click.Context, parameter: click.Parameter, given: str | None) -> tuple[str, ...]:
    """The tools that are named, in the order of the registry's names."""
    if given is None:
        return ()
    from cnncalc.analysis.tools.comparison import TOOLS

    if given == "all":
        return tuple(TOOLS)
    names = tuple(dict.fromkeys(name.strip().lower().replace("-", "_") for name in given.split(",")))
    for name in names:
        if name not in TOOLS:
            hint = "; write SPEC before --tools" if len(names) == 1 else ""
            raise click.BadParameter(f'no tool is called "{name}": the tools are {", ".join(TOOLS)}{hint}')
    return names


@command(
    examples=(
        'cnncalc compare "32x32x3 -> conv 20 8x8 s2 p1"',
        "cnncalc compare alexnet max_pool_1 --format markdown",
        "cnncalc compare resnet50 --tools",
    )
)
@spec_argument
@click.argument("layer", required=False)
@click.option(
    "--tools",
    is_flag=False,
    flag_value="all",
    metavar="[TOOL,…]",
    callback=_chosen_tools,
    help="Compare the operations that other tools count, instead of shapes: all tools, or those named.",
)
@click.option("--layers", "per_layer", is_flag=True, help="With --tools, show the counts of every layer.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "markdown", "json", "csv")),
    default="text",
    help="Output format; csv only with --tools.",
)
@spec_options
def compare(
    spec: str, options: SpecOptions, layer: str | None, tools: tuple[str, ...], form: str, *, per_layer: bool
) -> None:
    """Show a layer's result under the course formula, TensorFlow, Keras, PyTorch, ONNX and Caffe.

    Without LAYER, every layer on which they disagree is shown. Differences from the spec's own result are marked.

    With --tools, show the operations that thop, fvcore, ptflops, calflops, torchinfo, PyTorch's FlopCounterMode,
    onnx-tool and TensorFlow's profiler count for the same layers, and why the counts differ.
    """
    from cnncalc.analysis.analyze import load

    if "batch" in options or "dtype" in options:
        note("note: --batch and --dtype have no effect: only shapes, parameters and operations of one sample count")
    graph = load(spec, **graph_options(options))
    print_doubts(graph)
    if tools:
        _compare_tools(graph, layer, tools, form, per_layer=per_layer)
    elif form == "csv" or per_layer:
        raise click.UsageError("--layers and --format csv need --tools")
    else:
        _compare_rules(graph, options, layer, form)


def _compare_tools(graph: Graph, layer: str | None, tools: tuple[str, ...], form: str, *, per_layer: bool) -> None:
    from cnncalc.analysis.tools.comparison import TOOLS, count_with_tools
    from cnncalc.render import tool_comparison

    found = count_with_tools(graph, tools)
    if layer is not None and layer in TOOLS and all(node.name != layer for node in graph.nodes):
        joined = ",".join((*tools, layer)) if len(tools) < len(TOOLS) else layer
        raise click.UsageError(f'"{layer}" is a tool, not a layer; separate tools with commas: --tools {joined}')
    if layer is not None:
        names = {node.name for node in chosen_nodes(graph, layer)}
        found = found._replace(layers=tuple(each for each in found.layers if each.name in names))
    if form == "json":
        emit(tool_comparison.as_json(found))
    elif form == "csv":
        emit(tool_comparison.as_csv(found))
    elif form == "markdown":
        emit(tool_comparison.as_markdown(found, layers=per_layer or layer is not None))
    elif layer is None:
        emit(tool_comparison.as_text(found, layers=per_layer, limit=stdout_width(), color=stdout_colored()))
    else:
        shown = (
            tool_comparison.layer_as_text(each, limit=stdout_width(), color=stdout_colored()) for each in found.layers
        )
        emit("\n\n".join(shown))


def _compare_rules(graph: Graph, options: SpecOptions, layer: str | None, form: str) -> None:
    from cnncalc.analysis.compare import compare_layer
    from cnncalc.render import comparison

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
