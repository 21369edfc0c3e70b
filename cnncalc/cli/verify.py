"""Verify the numbers: run a real forward pass and compare it with the report"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli._command import SpecOptions, command, graph_options, spec_argument, spec_options
from cnncalc.cli._console import FINDINGS, emit, print_doubts, stdout_colored, stdout_width
from cnncalc.cli._values import Whole, parsed, read_size
from cnncalc.number_text import thousands

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnncalc.analysis.report import LayerReport, Report
    from cnncalc.graph.model import Graph


@command(
    examples=(
        'cnncalc verify "32x32x3 -> conv 20 8x8 s2 p1 -> max_pool 2" --unshared',
        "cnncalc verify lenet5 --receptive-field",
    )
)
@spec_argument
@click.option("--seed", type=Whole(0), default=0, show_default=True, help="Random seed for the input and the weights.")
@click.option("--unshared", is_flag=True, help="Also run convolutions with one kernel per position, and count them.")
@click.option("--receptive-field", is_flag=True, help="Also perturb the input to find each layer's receptive field.")
@click.option(
    "--max-memory", callback=parsed(read_size), metavar="SIZE",
    help="Memory limit, e.g. 2GiB (default: 400MiB, or 1GiB for a bundled spec, but at most half of the free memory).",
)  # fmt: skip
@click.option(
    "--max-flops", type=Whole(1), metavar="N",
    help="Limit on operations (default: 6 * 10^10, or 4 * 10^11 for a bundled spec).",
)  # fmt: skip
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="Output format.")
@spec_options
def verify(
    spec: str, options: SpecOptions, max_memory: int | None, max_flops: int | None, form: str, **checks: Any
) -> None:
    """Run the model in NumPy with real weights on random input, and compare every layer's output with the report.

    Compares each layer's shape and number of weights. The forward pass does not use the formulas: its shapes are those
    of the computed arrays. The exit code is 1 if anything disagrees.
    """
    from cnncalc.analysis.analyze import load
    from cnncalc.analysis.figures import report_on
    from cnncalc.reading.bundled import meant_bundled

    graph = load(spec, **graph_options(options))
    print_doubts(graph)
    batch = options.get("batch", 1)
    report = report_on(graph, batch=batch, dtype=options.get("dtype") or graph.dtype or "float32")
    bundled = meant_bundled(spec) is not None
    _check_memory(graph, report, batch, max_memory or _most_bytes(bundled=bundled), unshared=checks["unshared"])
    _check_work(graph, report, max_flops or _most_work(bundled=bundled))

    from cnncalc.forward.idle_cores import import_numpy

    import_numpy()
    from cnncalc.forward.receptive_field import MAX_WORK, MAX_WORK_OF_A_TEXT
    from cnncalc.forward.verify import VerifyOptions, verify_graph
    from cnncalc.render import verification

    with _progress(len(report.layers)) as progress:
        most_probing = MAX_WORK if bundled else MAX_WORK_OF_A_TEXT
        verified = VerifyOptions(batch=batch, most_probing=most_probing, **checks)
        found = verify_graph(graph, report, verified, progress=progress)
    if form == "json":
        emit(verification.as_json(found))
    else:
        emit(verification.as_text(found, limit=stdout_width(), color=stdout_colored()))
    if found.problems:
        raise click.exceptions.Exit(FINDINGS)


def _most_bytes(*, bundled: bool) -> int:
    from cnncalc.forward.memory import MOST_BYTES, MOST_BYTES_BUNDLED, free_bytes

    return min(MOST_BYTES_BUNDLED if bundled else MOST_BYTES, free_bytes() // 2)


def _most_work(*, bundled: bool) -> int:
    from cnncalc.forward.memory import MOST_WORK, MOST_WORK_BUNDLED

    return MOST_WORK_BUNDLED if bundled else MOST_WORK


def _check_memory(graph: Graph, report: Report, batch: int, allowed: int, *, unshared: bool) -> None:
    from cnncalc.forward.memory import needed_bytes
    from cnncalc.number_text import byte_size

    needed = needed_bytes(graph, report, batch=batch, unshared=unshared)
    if needed > allowed:
        raise click.UsageError(
            f"the forward pass needs about {byte_size(needed)}, more than {byte_size(allowed)}: "
            f"raise --max-memory, or reduce the model with --input or --batch"
        )


def _check_work(graph: Graph, report: Report, allowed: int) -> None:
    from cnncalc.forward.memory import work

    needed = work(graph, report)
    if needed > allowed:
        raise click.UsageError(
            f"the forward pass takes about {thousands(needed)} operations, more than {thousands(allowed)}: "
            f"raise --max-flops, or reduce the model with --input or --batch"
        )


@contextmanager
def _progress(layers: int) -> Iterator[Callable[[LayerReport], None]]:
    """A function to call after each layer; it advances a progress bar on stderr if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda layer: None
        return
    with click.progressbar(length=layers, label="forward pass", file=sys.stderr) as bar:
        yield lambda layer: bar.update(1)
