"""Print the bytes and the work of each layer, and the lower bound of its time on a device"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import Any

import click

from cnncalc.cli._command import SpecOptions, command, graph_options, spec_argument, spec_options
from cnncalc.cli._console import emit, print_doubts, stdout_colored, stdout_width
from cnncalc.cli._values import device_text, parsed


@command(
    examples=(
        "cnncalc bounds resnet50 --device a100-40gb",
        'cnncalc bounds alexnet --batch 32 --device "19.5 TFLOP/s, 1.5 TB/s" --format markdown',
    )
)
@spec_argument
@click.option(
    "--device", metavar="DEVICE", callback=parsed(device_text),
    help='Peak rate and bandwidth, such as "19.5 TFLOP/s, 1.5 TB/s", or a name: a100-40gb, a100-80gb, h100-sxm, '
    "v100-sxm2, t4, rtx-3090, rtx-4090.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(("table", "json", "csv", "markdown", "svg")), default="table",
    show_default=True, help="Output format; svg is the roofline plot, which needs --device.",
)  # fmt: skip
@spec_options
def bounds(spec: str, options: SpecOptions, device: str | None, form: str) -> None:
    """Print the bytes that each layer reads and writes, its FLOPs per byte, and the MACs of its backward pass.

    With --device, also show whether arithmetic or memory limits each layer, and the least time that it can take at the
    device's peak rates.
    """
    from cnncalc.analysis.analyze import load
    from cnncalc.analysis.roofline.bounds import bounds_of

    if form == "svg" and not device:
        raise click.UsageError('--format svg needs --device: a name, or "19.5 TFLOP/s, 1.5 TB/s"')
    graph = load(spec, **graph_options(options))
    print_doubts(graph)
    dtype = options.get("dtype") or graph.dtype or "float32"
    found = bounds_of(graph, device=device or "", batch=options.get("batch", 1), dtype=dtype)
    renderer: Any = import_module(f"cnncalc.render.bounds.{form}")
    show = renderer.render
    if form == "table":
        show = partial(show, limit=stdout_width(), color=stdout_colored())
    text = show(found)
    if not text:
        raise click.UsageError("no layer has both operations and bytes: there is nothing to draw")
    emit(text)
