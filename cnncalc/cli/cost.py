"""Print the memory that training takes: weights, gradients, optimizer states, kept activations, and the peak"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from cnncalc.cli._command import SpecOptions, command, spec_argument, training_options
from cnncalc.cli._console import emit, stdout_colored, stdout_width
from cnncalc.cli._values import Whole

OPTIMIZER_NAMES = ("sgd", "momentum", "adam", "adamw", "rmsprop", "adagrad", "lion", "adafactor")


@command(
    examples=(
        "cnncalc cost resnet50 --batch 32 --train adamw",
        "cnncalc cost resnet50 --batch 32 --checkpoint 'stage*.*' --depth 1",
    )
)
@spec_argument
@click.option(
    "--train", type=click.Choice(OPTIMIZER_NAMES), default="sgd", show_default=True, metavar="OPTIMIZER",
    help=f"Optimizer: {', '.join(OPTIMIZER_NAMES)}.",
)  # fmt: skip
@click.option(
    "--checkpoint", multiple=True, metavar="PATTERN",
    help="Keep only the inputs of the blocks with this name, such as 'stage*', and compute the rest again.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(("table", "json", "csv", "markdown")), default="table", show_default=True,
    help="Output format.",
)  # fmt: skip
@click.option("--depth", type=Whole(1), metavar="N", help="Fold blocks below level N; 1 shows each block as one row.")
@training_options
def cost(
    spec: str, options: SpecOptions, train: str, checkpoint: tuple[str, ...], form: str, depth: int | None
) -> None:
    """Print the memory of a training step, for each layer and in total.

    The kept activations are the tensors that PyTorch keeps for the backward pass, each counted once, by the first layer
    that keeps it. The peak is the largest sum of all that is live at a moment of the step. Not counted are workspaces
    of the kernels, fragmentation, the context of the device, and the loss.
    """
    from cnncalc.analysis.cost.training_cost import cost as cost_of_spec

    found = cost_of_spec(spec, train=train, checkpoint=checkpoint, **options)
    renderer: Any = import_module(f"cnncalc.render.cost.{form}")
    if form == "json":
        emit(renderer.render(found))
    elif form == "table":
        emit(renderer.render(found, depth, limit=stdout_width(), color=stdout_colored()))
    else:
        emit(renderer.render(found, depth))
