"""The options of a training: the optimizer, and the checkpointed blocks."""

from __future__ import annotations

import click

OPTIMIZER_NAMES = ("sgd", "momentum", "adam", "adamw", "rmsprop", "adagrad", "lion", "adafactor")

train_option = click.option(
    "--train", type=click.Choice(OPTIMIZER_NAMES), default="sgd", show_default=True, metavar="OPTIMIZER",
    help=f"Optimizer of the training memory: {', '.join(OPTIMIZER_NAMES)}.",
)  # fmt: skip
checkpoint_option = click.option(
    "--checkpoint", multiple=True, metavar="PATTERN",
    help="Keep only the inputs of the blocks with this name, such as 'stage*', and compute the rest again.",
)  # fmt: skip
