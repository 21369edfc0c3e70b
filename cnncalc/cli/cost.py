"""Print the memory that training or inference takes, or plan that of a microcontroller"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import Any

import click
from click.core import ParameterSource

from cnncalc.cli._command import MIXED, SpecOptions, command, graph_options, solving_options, spec_argument
from cnncalc.cli._console import emit, note, print_doubts, stdout_colored, stdout_width
from cnncalc.cli._training import checkpoint_option, train_option
from cnncalc.cli._values import Whole


@command(
    examples=(
        "cnncalc cost resnet50 --batch 32 --train adamw",
        "cnncalc cost resnet50 --batch 32 --checkpoint 'stage*.*' --depth 1",
        "cnncalc cost mobilenet_v2 --inference",
        "cnncalc cost keras_mobilenet --set alpha=0.25 --input 96x96x1 --arena",
    )
)
@spec_argument
@train_option
@checkpoint_option
@click.option(
    "--format", "form", type=click.Choice(("table", "json", "csv", "markdown")), default="table", show_default=True,
    help="Output format.",
)  # fmt: skip
@click.option(
    "--inference",
    is_flag=True,
    help="The peak of activations at inference: as listed, with layers in place, and in the best order.",
)
@click.option(
    "--arena", is_flag=True,
    help="Plan one buffer for the int8 model on a microcontroller: working memory and flash.",
)  # fmt: skip
@click.option("--depth", type=Whole(1), metavar="N", help="Fold blocks below level N; 1 shows each block as one row.")
@solving_options
@click.pass_context
def cost(ctx: click.Context, /, spec: str, options: SpecOptions, form: str, **training: Any) -> None:
    """Print the memory of a training step, for each layer and in total.

    The kept activations are the tensors that PyTorch keeps for the backward pass, each counted once, by the first layer
    that keeps it. The peak is the largest sum of all that is live at a moment of the step. Not counted are workspaces
    of the kernels, fragmentation, the context of the device, and the loss.
    """
    inference, arena = training.pop("inference"), training.pop("arena")
    if inference and arena:
        raise click.UsageError("--inference and --arena are separate views: give one of them")
    view = "inference" if inference else "arena" if arena else ""
    renderer: Any = import_module(f"cnncalc.render.{view or 'cost'}.{form}")
    show = renderer.render
    if form == "table":
        show = partial(show, limit=stdout_width(), color=stdout_colored())
    if view:
        given = [name for name in training if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE]
        if given:
            raise click.UsageError(f"--{given[0]} is for training, and cannot be given with --{view}")
        emit(show(_at_inference(view, spec, options)))
        return
    from cnncalc.analysis.cost.training_cost import cost as cost_of_spec

    depth = training.pop("depth")
    found = cost_of_spec(spec, **training, **options)
    emit(show(found) if form == "json" else show(found, depth))


def _at_inference(view: str, spec: str, options: SpecOptions) -> Any:
    """The peaks of activations, or the plan for a microcontroller."""
    from cnncalc.analysis.analyze import load
    from cnncalc.analysis.device.memory_plan import device_plan, inference_peaks

    graph = load(spec, **graph_options(options))
    print_doubts(graph)
    if view == "inference":
        if options.get("dtype") == MIXED:
            raise click.UsageError("--dtype mixed is for training, and cannot be given with --inference")
        return inference_peaks(graph, batch=options.get("batch", 1), dtype=options.get("dtype"))
    if "batch" in options or options.get("dtype", "int8") != "int8":
        note("note: --batch and --dtype have no effect: the plan is for one sample of int8")
    return device_plan(graph)
